package method

import (
	"slices"
	"strings"
	"unicode"
)

// An Effect says what the name of a method promises.
type Effect int

// Effects.
const (
	Unclear  Effect = iota // the name does not tell
	Reads                  // Get, List, Search: AIP-131, 132, 136, 231
	Mutates                // changes something, and may or may not do so again
	Sets                   // Set, Replace, Put, Delete: the second time changes nothing
	Multiply               // Create, Send, Charge: the second time does it twice
)

// Verb returns the verb of a method's name and what it does: "Create" of
// CreateOrder, BatchCreateOrders and, as older APIs have it, OrderCreate.
// The verb is "" if the effect is unclear.
func Verb(name string) (verb string, effect Effect) {
	words := splitName(name)
	for len(words) > 1 && slices.Contains(quantities, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", Unclear
	}
	first := words[0]
	effect = effectOf(first)
	switch {
	case effect == Reads:
		if second, e := compound(words); e != Unclear {
			return second, e
		}
	case (first == "Run" || first == "Execute") && len(words) > 1:
		switch last := words[len(words)-1]; last { // what Run is a mere auxiliary for
		case "Query", "Queries":
			return first + last, Reads
		case "Get", "Report", "Reports", "Sql", "Statement", "Statements":
			return first + last, Mutates
		}
	case effect == Unclear && len(words) > 1:
		last := words[len(words)-1]
		if slices.Contains(trailing, last) {
			return last, effectOf(last)
		}
		if last == "Grant" || last == "Revoke" { // LeaseGrant, but also DenyGrant
			return last, Mutates
		}
	}
	if effect == Unclear {
		return "", Unclear
	}
	return first, effect
}

// quantities precede the verb of a name.
var quantities = []string{"Async", "Batch", "Bidi", "Bulk", "Mass", "Multi", "Stream", "Streaming"}

// compound finds what a reading verb does besides: GetOrCreate, CheckAndSet,
// ReadModifyWrite.
func compound(words []string) (string, Effect) {
	for i, word := range words[1:] {
		behind := words[i+2:]
		switch {
		case (word == "And" || word == "Or") && len(behind) > 0:
			switch e := effectOf(behind[0]); e {
			case Reads, Unclear:
			case Multiply:
				if word == "Or" { // GetOrCreate: the second time there is something to get
					return behind[0], Sets
				}
				return behind[0], e
			default:
				return behind[0], Mutates
			}
		case word == "Modify" && i == 0:
			return word, Mutates
		case (word == "In" || word == "Out") && i == 0 && words[0] == "Check":
			return words[0] + word, Mutates
		}
	}
	return "", Unclear
}

// splitName cuts a name into words, each with a capital: "batchGetURLs" and
// "batch_get_urls" give Batch, Get and the rest.
func splitName(name string) []string {
	var words []string
	start := 0
	flush := func(end int) {
		if word := strings.Trim(name[start:end], "_"); word != "" {
			words = append(words, strings.ToUpper(word[:1])+word[1:])
		}
		start = end
	}
	for i := 1; i < len(name); i++ {
		upper := isUpper(name[i])
		switch {
		case name[i] == '_':
			flush(i)
		case upper && !isUpper(name[i-1]),
			upper && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z' && i > start+1:
			flush(i)
		}
	}
	flush(len(name))
	return words
}

// Snake writes the name of a field as proto's style guide has it: product_id
// for ProductID and productId. It leaves names alone that have no capitals.
func Snake(name string) string {
	if strings.IndexFunc(name, unicode.IsUpper) < 0 {
		return name
	}
	return strings.ToLower(strings.Join(splitName(name), "_"))
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }

func effectOf(verb string) Effect {
	switch {
	case slices.Contains(reading, verb):
		return Reads
	case slices.Contains(multiplying, verb):
		return Multiply
	case slices.Contains(setting, verb):
		return Sets
	case slices.Contains(mutating, verb):
		return Mutates
	}
	return Unclear
}

// reading verbs change nothing.
var reading = []string{
	"Browse", "Calculate", "Check", "Compare", "Compute", "Count", "Describe", "Diff", "Download", "Echo", "Estimate", "Exists",
	"Explain", "Fetch", "Find", "Get", "Has", "Inspect", "Is", "List", "Lookup", "Peek", "Ping", "Preview", "Query", "Range", "Read",
	"Resolve", "Retrieve", "Scan", "Search", "Show", "Stat", "Tail", "Test", "Validate", "View", "Watch",
}

// multiplying verbs do twice as much when they are called twice, unless
// something in the request prevents it.
var multiplying = []string{
	"Add", "Append", "Book", "Buy", "Charge", "Clone", "Commit", "Create", "Credit", "Debit", "Decrement", "Deposit", "Enqueue",
	"Execute", "Grant", "Import", "Increment", "Insert", "Issue", "Mint", "Pay", "Place", "Post", "Publish", "Purchase", "Redeem",
	"Refund", "Register", "Run", "Sell", "Send", "Start", "Submit", "Transfer", "Upload", "Withdraw", "Write",
}

// setting verbs leave the same behind however often they are called.
var setting = []string{
	"Clear", "Delete", "Disable", "Drop", "Enable", "Ensure", "Overwrite", "Purge", "Put", "Remove", "Replace", "Set", "Unset", "Upsert",
}

// mutating verbs change something, and their name does not tell what the
// second call does.
var mutating = []string{
	"Abort", "Accept", "Acquire", "Activate", "Apply", "Approve", "Archive", "Assign", "Attach", "Begin", "Bind", "Cancel",
	"Claim", "Close", "Complete", "Confirm", "Copy", "Deactivate", "Decline", "Deploy", "Dequeue", "Deregister", "Detach",
	"Dispatch", "Export", "Finalize", "Generate", "Ingest", "Install", "Invoke", "Launch", "Lock", "Merge", "Migrate",
	"Modify", "Move", "Mutate", "Notify", "Open", "Patch", "Pause", "Pop", "Promote", "Provision", "Push", "Reboot", "Record",
	"Reject", "Release", "Rename", "Report", "Request", "Reserve", "Reset", "Restart", "Restore", "Resume", "Revoke",
	"Rollback", "Rotate", "Save", "Schedule", "Sign", "Stop", "Store", "Suspend", "Switch", "Sync", "Tag", "Take", "Trigger",
	"Unassign", "Undelete", "Undeploy", "Uninstall", "Unlock", "Unregister", "Update", "Upgrade",
}

// trailing verbs are verbs also at the end of a name, where most words are
// nouns: MemberAdd, but not BlogPost.
var trailing = []string{
	"Add", "Append", "Create", "Delete", "Disable", "Enable", "Find", "Get", "Insert", "List", "Lookup", "Publish", "Read", "Remove", "Search", "Send", "Update",
}
