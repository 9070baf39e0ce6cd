import { databaseCredentialRecords } from '../../../src/store/databases/database-credential-records.ts'
import { knownIdRecords } from '../../../src/store/records/known-id-records.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyEvidenceRecords } from '../../../src/store/records/tally-evidence-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { sharedTallyRecords } from '../../../src/store/sync/shared-tally-records.ts'
import { tallySignatureRecords } from '../../../src/store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { sameAnswers } from './same-answers.ts'
import { PEERS, T, TOKENS } from './seeds.ts'

const [ALICE, BOB, CAROL] = PEERS
const [TOKEN, STANDING, REVOKED] = TOKENS

const NEW_TOKEN = {
  id: 'new0000000000007',
  secretHash: new Uint8Array(32),
  role: 'foil',
  uses: null,
  issuedAt: T + 9,
  expiresAt: T + 99,
  required: ['name'],
  optional: [],
  terms: { currency: 'EUR' },
} as const

const TERMS = { required: [], optional: ['name'], terms: { currency: 'USD' } }

sameAnswers('tokens', tokenRecords, {
  find: [[TOKEN], [STANDING], ['forgotten0000004']],
  lookUp: [[TOKEN], ['forgotten0000004']],
  list: [
    [],
    [{ limit: 2 }],
    [{ before: TOKEN }],
    [{ status: 'open', now: T }],
    [{ status: 'used', now: T }],
    [{ status: 'expired', now: T }],
    [{ role: 'foil' }],
    [{ label: 'BOB' }],
    [{ label: 'ÄÖ b' }],
    [{ label: '' }],
    [{ since: T + 1 }],
  ],
  countWanted: [[{}], [{ status: 'revoked' }], [{ label: 'nobody' }]],
  countUnnoted: [[T - 10, T + 9_999]],
  current: [
    [T, 2],
    [T + 5_000, 9],
  ],
  startingWith: [['token'], ['tokenA'], ['TOKEN']],
  issue: [[NEW_TOKEN], [{ ...NEW_TOKEN, id: 'new0000000000008', label: 'x', byHand: true }]],
  update: [
    [TOKEN, { label: 'new', ...TERMS }],
    [TOKEN, { label: 'new', ...TERMS }],
    [REVOKED, TERMS],
  ],
  pause: [
    [TOKEN, T],
    [TOKEN, T],
  ],
  resume: [[TOKEN], [TOKEN]],
  revoke: [
    [TOKEN, T],
    [TOKEN, T + 1],
  ],
})

sameAnswers('tallies', tallyRecords, {
  find: [['tally-1'], ['tally-2'], ['nobody']],
  marks: [['tally-1'], ['tally-2'], ['tally-4']],
  partnerIdentity: [['tally-1']],
  startingWith: [['tally-1'], ['TALLY']],
  count: [[]],
  list: [[2], [9], [9, 'tally-2']],
  ofPartner: [
    [BOB, 2],
    [CAROL, 9],
  ],
  withoutPlace: [['', 9]],
  after: [['tally-1', 2]],
  setCompared: [
    ['tally-1', T],
    ['tally-2', undefined],
  ],
  remove: [['tally-1'], ['tally-15']],
})

sameAnswers('parts of documents', tallyChunkRecords, {
  all: [['tally-1'], ['nobody']],
  add: [
    ['tally-2', { added: [Uint8Array.of(0, 255)], isFolded: false }],
    ['tally-1', { added: [Uint8Array.of(1)], isFolded: true }],
  ],
})

sameAnswers('what other rows say of tallies', tallyEvidenceRecords, {
  misstated: [[['tally-1', 'tally-2', 'tally-3']], [[]]],
  allMisstated: [[]],
  absent: [[9]],
})

sameAnswers(
  'ids',
  knownIdRecords,
  {
    tokensStartingWith: [['token'], ['tokenA']],
    peersLike: [[BOB.slice(0, 9)], [CAROL.slice(-4)], [ALICE]],
  },
  ['tokensStartingWith', 'peersLike'],
)

sameAnswers('addresses of partners', partnerAddressRecords, {
  of: [[BOB], ['nobody']],
  learn: [
    [BOB, Array.from({ length: 33 }, (_, n) => `/ip4/192.0.2.${n}/tcp/1`), T + 1],
    [CAROL, ['/ip4/192.0.2.9/tcp/1'], T],
  ],
})

sameAnswers('tallies of one partner', sharedTallyRecords, {
  isPartner: [[BOB], [CAROL], ['nobody']],
  with: [
    [BOB, 1],
    [BOB, 9],
    [CAROL, 9],
  ],
  among: [
    [BOB, ['tally-1', 'tally-4']],
    [BOB, []],
  ],
})

sameAnswers('signatures under changes', tallySignatureRecords, {
  all: [['tally-1'], ['nobody']],
  of: [
    [
      'tally-1',
      ['aabb', Buffer.from(Uint8Array.from({ length: 32 }, (_, n) => n * 7)).toString('hex')],
    ],
  ],
  add: [
    [
      'tally-2',
      [
        { change: 'ccdd', signature: 'AAEC' },
        { change: 'ccdd', signature: 'AAED' },
      ],
    ],
  ],
})

sameAnswers('syncs', tallySyncRecords, {
  find: [['tally-1'], ['tally-2'], ['tally-4'], ['nobody']],
  countStates: [[]],
  countStopped: [[]],
  duePartners: [
    [T, 9],
    [T + 1, 1],
  ],
  noteEqual: [
    [
      [
        { tallyId: 'tally-2', heads: ['bb'] },
        { tallyId: 'tally-1', heads: ['other'] },
      ],
      T + 5,
    ],
  ],
  setHeads: [
    ['tally-1', ['cc', 'dd']],
    ['tally-9', []],
  ],
  noteEdit: [
    ['tally-1', ['ee']],
    ['tally-8', ['ee']],
  ],
  noteMet: [['tally-1', { partnerHeads: ['ee'], ahead: 3, behind: 2, at: T + 7 }]],
  noteMissed: [
    ['tally-1', T + 8],
    ['tally-7', T],
  ],
  noteAllSigned: [['tally-2']],
  setStop: [
    ['tally-1', 'invalid', T],
    ['tally-4', undefined, T],
  ],
})

const CREDENTIAL = {
  tallyId: 'tally-17',
  server: undefined,
  endpoint: 'postgres://h/d',
  user: 'stock',
  password: 'p',
  partnerPassword: undefined,
  isRemoved: false,
}

sameAnswers('credentials', databaseCredentialRecords, {
  find: [['tally-15'], ['tally-16'], ['nobody']],
  put: [
    [CREDENTIAL, T],
    [{ ...CREDENTIAL, server: 'postgres://h/d', partnerPassword: 'q' }, T + 1],
  ],
  noteRemoved: [['tally-15']],
})
