#!/usr/bin/env bash
# qrcode@1.5.4 qrcode-terminal@0.12.0
#
# Expected: a text in capitals and digits becomes a smaller QR code than one in small letters,
#   with either package: the format has a mode for it.
# Seen: qrcode does so (37 modules instead of 41); qrcode-terminal knows bytes only and draws 41
#   for both.
# So: a link in capitals fits a terminal of 24 rows only if the modules come from qrcode.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund qrcode@1.5.4 qrcode-terminal@0.12.0
cat > run.mjs <<'JS'
import qrcode from 'qrcode'
import terminal from 'qrcode-terminal'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const capitals = `TALEUS:${'B2AJ7XQ'.repeat(16)}`
const texts = [capitals, capitals.toLowerCase()]
terminal.setErrorLevel('L')
const drawn = (text) => {
  let width = 0
  // One column a module, and one of quiet zone on either side.
  terminal.generate(text, { small: true }, (lines) => (width = lines.indexOf('\n') - 2))
  return width
}
judge(
  {
    qrcode: texts.map((text) => qrcode.create(text, { errorCorrectionLevel: 'L' }).modules.size),
    terminal: texts.map(drawn),
  },
  { qrcode: [37, 41], terminal: [41, 41] },
)
JS
node run.mjs
