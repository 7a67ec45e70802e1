//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// typing opens a file with Neovim's own client, types a mistake, takes it back,
// and says what is shown: "2 3 2" are the counts of diagnostics.
const typing = `
vim.cmd('edit ' .. vim.env.GRPCLINT_FILE)
local id = vim.lsp.start_client({ name = 'grpclint', cmd = { vim.env.GRPCLINT_PROGRAM, 'lsp', '-tests=false' }, root_dir = vim.env.GRPCLINT_DIR })
vim.lsp.buf_attach_client(0, id)
local said = {}
local function shown(n)
  vim.wait(60000, function() return #vim.diagnostic.get(0) == n end, 10)
  table.insert(said, tostring(#vim.diagnostic.get(0)))
end
shown(2)
vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'func More(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }' })
shown(3)
vim.cmd('silent undo')
shown(2)
vim.lsp.stop_client(id)
vim.fn.writefile({ table.concat(said, ' ') }, vim.env.GRPCLINT_SAID)
vim.cmd('qa!')
`

// A real editor.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("nvim is not here")
	}
	dir := moduletest.Write(t, module)
	script, said := filepath.Join(t.TempDir(), "session.lua"), filepath.Join(t.TempDir(), "said")
	if err := os.WriteFile(script, []byte(typing), 0o666); err != nil {
		t.Fatal(err)
	}
	program := grpclint(t)
	cmd := exec.CommandContext(t.Context(), nvim, "--headless", "-u", "NONE", "-c", "luafile "+script)
	cmd.Dir = dir
	cmd.Env = append(program.Environ(),
		"GRPCLINT_PROGRAM="+program.Path, "GRPCLINT_DIR="+dir, "GRPCLINT_FILE="+filepath.Join("client", "client.go"), "GRPCLINT_SAID="+said)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nvim: %v\n%s", err, output)
	}
	text, err := os.ReadFile(said)
	if got := strings.TrimSpace(string(text)); err != nil || got != "2 3 2" {
		t.Errorf("shown are %q (%v), want 2, 3 and 2 again", got, err)
	}
}
