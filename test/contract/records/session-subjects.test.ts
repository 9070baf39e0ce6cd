import { deniedPeers } from '../../../src/store/peers/denied-peers.ts'
import { attemptRecords } from '../../../src/store/records/attempt-records.ts'
import { lostUseRecords } from '../../../src/store/records/lost-use-records.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { noticeRecords } from '../../../src/store/records/notice-records.ts'
import { pendingRequestRecords } from '../../../src/store/records/pending-request-records.ts'
import { redemptionRecords } from '../../../src/store/records/redemption-records.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { timeRecords } from '../../../src/store/records/time-records.ts'
import { usageRecords } from '../../../src/store/records/usage-records.ts'
import { sameAnswers } from './same-answers.ts'
import { PEERS, T, TOKENS } from './seeds.ts'

const [, BOB, CAROL] = PEERS
const [TOKEN, STANDING] = TOKENS

sameAnswers('sessions', sessionRecords, {
  find: [['session-1'], ['session-2'], ['session-3'], ['nobody']],
  startingWith: [['session-1'], ['SESSION'], ['']],
  list: [
    [{ limit: 3 }],
    [{ limit: 9, side: 'dialer' }],
    [{ limit: 9, state: 'DONE', since: T + 2 }],
    [{ limit: 9, peerId: BOB }],
    [{ limit: 9, peerId: BOB.slice(0, 9) }],
    [{ limit: 9, peerId: CAROL.slice(-5) }],
    [{ limit: 9, tokenId: TOKEN.slice(0, 6) }],
  ],
  page: [[{ limit: 2 }], [{ limit: 2, before: 3 }], [{ limit: 2, after: 1 }]],
  count: [[{ limit: 1 }], [{ limit: 1, side: 'listener', tokenId: TOKEN }]],
  entries: [['session-1'], ['nobody']],
})

sameAnswers('attempts', attemptRecords, { unfinished: [[1], [9]] })

sameAnswers('lost uses', lostUseRecords, {
  deniedAt: [['tally-2'], ['tally-7']],
  list: [[1], [9]],
})

sameAnswers('single facts', metaRecords, {
  get: [['store_id'], ['nothing']],
  set: [
    ['store_id', 'cafe'],
    ['new', 'ä ?1'],
  ],
})

sameAnswers('notices', noticeRecords, { list: [[1], [9]], listFailed: [[9]], countFailed: [[]] })

sameAnswers('removals', removalRecords, { list: [[1], [9]], listFailed: [[9]], countFailed: [[]] })

sameAnswers('requests', pendingRequestRecords, {
  list: [
    [T, 2],
    [T, 9, { since: T, id: 'request-2' }],
    [T + 150, 9],
  ],
  countCurrent: [[T], [T + 250]],
  countWaiting: [[]],
  oldestWaiting: [[2]],
  idsAt: [
    [STANDING, '', 2],
    [STANDING, 'request-1', 9],
    ['nothing', '', 9],
  ],
  startingWith: [['request-'], ['REQUEST'], ['request-3']],
})

sameAnswers('redemptions', redemptionRecords, {
  standing: [['redemption-2'], ['redemption-1']],
  unfinished: [[2], [9]],
})

sameAnswers('the highest time', timeRecords, { highest: [[]], reset: [[T - 4, T + 600]] })

sameAnswers('usage', usageRecords, { counts: [[]] })

sameAnswers('denied peers', deniedPeers, {
  add: [[{ peerId: BOB, deniedAt: T - 1 }], [{ peerId: CAROL, deniedAt: T }]],
  has: [[BOB], ['nobody']],
  list: [[9]],
  count: [[]],
  remove: [[BOB], ['nobody']],
})
