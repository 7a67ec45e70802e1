package lint

import "path"

// Judged reports whether the run looked at everything in the folder of a
// file, which is named as in findings.
func (r *Report) Judged(file string) bool { return r.folders[path.Dir(file)] }

// judge remembers folders of Go packages.
func (r *run) judge(folders []string) {
	for _, folder := range folders {
		r.report.folders[r.paths.display(folder)] = true
	}
}

// judgeFile remembers the folder of a file that is no Go.
func (r *run) judgeFile(file string) { r.report.folders[path.Dir(r.paths.display(file))] = true }
