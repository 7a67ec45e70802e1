package supervise

import (
	"syscall"
	"unsafe"
)

// endTogether has Windows end what this process starts, and what that starts,
// as soon as this process ends, in whatever way: all are in one job, whose only
// handle is ours. Where that is refused, as inside of some other jobs, a
// process that is killed leaves the go command to itself.
func endTogether() {
	kernel := syscall.NewLazyDLL("kernel32.dll")
	job, _, _ := kernel.NewProc("CreateJobObjectW").Call(0, 0)
	if job == 0 {
		return
	}
	limits := extendedLimits{basic: basicLimits{flags: killOnJobClose}}
	set, _, _ := kernel.NewProc("SetInformationJobObject").Call(job, extendedLimitInformation, uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits))
	if set == 0 {
		return
	}
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return
	}
	_, _, _ = kernel.NewProc("AssignProcessToJobObject").Call(job, uintptr(self))
}

// See JOBOBJECT_EXTENDED_LIMIT_INFORMATION in the documentation of Windows.
const (
	extendedLimitInformation = 9
	killOnJobClose           = 0x2000
)

type basicLimits struct {
	processTime, jobTime     int64
	flags                    uint32
	minWorkingSet            uintptr
	maxWorkingSet            uintptr
	activeProcesses          uint32
	affinity                 uintptr
	priority, schedulingRate uint32
}

type extendedLimits struct {
	basic                            basicLimits
	io                               [6]uint64
	processMemory, jobMemory         uintptr
	peakProcessMemory, peakJobMemory uintptr
}
