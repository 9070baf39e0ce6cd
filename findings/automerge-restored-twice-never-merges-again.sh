#!/usr/bin/env bash
# @automerge/automerge@3.5.0
#
# Expected: two computers that go on from one back-up of a replica, each as the same actor, end in
#   a conflict that merging settles by its rules.
# Seen: merge throws "duplicate seq", on either side and for ever, whatever the two have written.
# So: a restored replica takes a new actor, and a tally that meets this is stopped with an alarm.
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

const actor = '0'.repeat(32)
const backup = Automerge.save(Automerge.from({ title: 'draft' }, { actor }))
const restored = (key) =>
  Automerge.change(Automerge.load(backup, { actor }), (document) => void (document[key] = true))
const [one, other] = [restored('here'), restored('there')]
const merged = (into, from) => {
  try {
    Automerge.merge(Automerge.clone(into), from)
    return 'merged'
  } catch (error) {
    return /duplicate seq/.exec(error.message)?.[0] ?? error.message
  }
}
judge([merged(one, other), merged(other, one)], ['duplicate seq', 'duplicate seq'])
JS
node run.mjs
