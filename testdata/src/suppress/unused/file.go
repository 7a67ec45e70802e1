package unused

//grpclint:file-ignore deadline/wait-for-ready nothing waits here // want `deadline/wait-for-ready finds nothing in this file \[suppress/unused\]$`
