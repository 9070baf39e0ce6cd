#!/usr/bin/env bash
# @automerge/automerge@3.5.0
#
# Expected: two replicas with the same heads save to the same bytes, so that a digest of the saved
#   document tells whether they are equal.
# Seen: the same two changes merged in the other order save to other bytes.
# So: replicas are compared by their sorted heads, never by saved bytes.
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
const one = Automerge.change(Automerge.clone(base, actor('1')), (document) => void (document.a = 1))
const two = Automerge.change(Automerge.clone(base, actor('2')), (document) => void (document.b = 2))
const left = Automerge.merge(Automerge.clone(one), two)
const right = Automerge.merge(Automerge.clone(two), one)
const heads = (document) => Automerge.getHeads(document).toSorted().join()
judge(
  {
    heads: heads(left) === heads(right),
    bytes: Buffer.compare(Automerge.save(left), Automerge.save(right)) === 0,
  },
  { heads: true, bytes: false },
)
JS
node run.mjs
