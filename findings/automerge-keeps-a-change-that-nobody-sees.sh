#!/usr/bin/env bash
# @automerge/automerge@3.5.0
#
# Expected: a change whose predecessor is missing is refused, or at least the document that was
#   given it is the same as before: same heads, same content, same size.
# Seen: heads and content are as before, and yet save() writes the change along, again and again,
#   until its predecessor comes; then both take effect.
# So: what equal heads say is not all that is stored: whoever bounds the size of a replica counts
#   what waits, too.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @automerge/automerge@3.5.0
cat > run.mjs <<'JS'
import * as Automerge from '@automerge/automerge'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const actor = (digit) => ({ actor: digit.repeat(32) })
const base = Automerge.from({ title: 'draft' }, actor('0'))
const first = Automerge.change(Automerge.clone(base, actor('1')), (document) => {
  document.first = true
})
const second = Automerge.change(first, (document) => {
  document.note = 'x'.repeat(1_000)
  document.second = true
})
const [before, after] = Automerge.getChanges(base, second)
const given = Automerge.loadIncremental(Automerge.clone(base), after)
const sameHeads = Automerge.getHeads(given).join() === Automerge.getHeads(base).join()
const grown = Automerge.save(given).length > Automerge.save(base).length
const reloaded = Automerge.loadIncremental(Automerge.load(Automerge.save(given)), before)
judge(
  { sameHeads, content: Object.keys(given), grown, later: Object.keys(reloaded).toSorted() },
  { sameHeads: true, content: ['title'], grown: true, later: ['first', 'note', 'second', 'title'] },
)
JS
node run.mjs
