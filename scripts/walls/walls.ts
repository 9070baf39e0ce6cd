/**
 * The rooms and what each may import. Why, and how to move a wall: docs/decisions/0004-import-walls.md. Forms of import and packages
 * that belong to one room are rules of the linter: walls.grit.
 */

/** The imports that the files of one room may make from the rest of `src`. The innermost wall round a file decides. */
export interface Wall {
  /** A folder or a file below `src`. */
  readonly room: string
  /** Folders (ending in a slash) and files below `src` that it may import, besides its own. */
  readonly may: readonly string[]
  /** Of these it may import types only, by `import type`. */
  readonly types?: readonly string[]
  /** Of what `may` allows, or of the room itself, these are refused all the same. */
  readonly never?: readonly string[]
}

/** The hooks' interfaces, without the implementations in their folders. */
const HOOK_TYPES = ['hooks/*']

const SESSION: Omit<Wall, 'room'> = {
  may: ['protocol/'],
  types: [...HOOK_TYPES, 'audit/record/record.ts', 'audit/witness/shown-checkpoint.ts'],
}

export const WALLS: readonly Wall[] = [
  { room: 'protocol/', may: [] },
  { room: 'session/', ...SESSION },
  {
    room: 'session/machine/',
    may: [
      'protocol/base/compact.ts',
      'protocol/base/own-member.ts',
      'protocol/base/relay-bound.ts',
    ],
    types: ['protocol/'],
  },
  {
    room: 'session/run/',
    ...SESSION,
    may: [...SESSION.may, 'session/'],
    never: ['session/admission/', 'session/reaper/', 'session/listener/', 'session/dialer/'],
  },
  { room: 'hooks/', may: ['protocol/'] },
  { room: 'hooks/command/', may: ['hooks/*', 'hooks/own/', 'protocol/'] },
  { room: 'hooks/own/', may: ['hooks/*', 'protocol/'] },
  { room: 'hooks/file/', may: ['hooks/', 'protocol/', 'store/', 'audit/', 'tally/'] },
  {
    room: 'hooks/postgres/',
    may: ['hooks/*', 'protocol/', 'store/directory/', 'store/postgres/connection/'],
  },
  { room: 'hooks/memory/', may: ['hooks/', 'protocol/', 'tally/'] },
  { room: 'network/', may: ['protocol/', 'session/ports/', 'session/errors.ts'] },
  {
    room: 'store/',
    may: ['audit/', 'protocol/', 'session/ports/', 'session/errors.ts'],
    types: ['session/machine/', ...HOOK_TYPES],
  },
  {
    room: 'store/ledger/',
    may: ['store/', 'protocol/', 'session/ports/', 'session/errors.ts'],
    types: ['session/machine/', ...HOOK_TYPES],
    never: ['store/audit/'],
  },
  // An engine without SQL: of what is written for SQLite it uses types only, and what is the same for any engine.
  {
    room: 'store/memory/',
    may: [
      'store/work/',
      'store/ledger/refused-uses.ts',
      'store/errors.ts',
      'audit/',
      'protocol/',
      'session/ports/',
      'session/errors.ts',
    ],
    types: ['store/', 'session/machine/'],
  },
  { room: 'audit/', may: ['protocol/'] },
  // Scripts of pages: what they import is bundled for a browser.
  { room: 'web/', may: ['protocol/'] },
  { room: 'tally/', may: ['protocol/'] },
  {
    room: 'service/',
    may: ['session/', 'network/', 'store/', 'audit/', 'tally/', 'hooks/', 'protocol/'],
  },
  { room: 'dashboard/', may: [], types: ['service/feed/event-feed*'] },
  {
    room: 'cli/',
    may: [
      'service/',
      'protocol/base/compact.ts',
      'protocol/base/shell-word.ts',
      'dashboard/text/fit.ts',
      'web/shared/',
    ],
    types: ['dashboard/'],
  },
  // The hooks are put together for every command that calls them.
  {
    room: 'cli/hooks/',
    may: ['cli/', 'hooks/'],
    types: ['store/'],
  },
  // What it shows is made harmless there.
  { room: 'cli/dashboard/open-dashboard.ts', may: ['cli/', 'service/', 'dashboard/'] },
  { room: 'cli/dashboard/open-relay-view.ts', may: ['cli/', 'dashboard/'] },
  {
    room: 'cli/context.ts',
    may: [
      'cli/',
      'service/',
      'session/',
      'network/',
      'store/',
      'audit/',
      'tally/',
      'hooks/',
      'protocol/',
    ],
  },
  {
    room: 'cli/settings/',
    may: [
      'cli/',
      'service/',
      'protocol/base/',
      'protocol/database/',
      'protocol/errors.ts',
      'protocol/json/strict-json.ts',
      'store/directory/',
    ],
  },
  { room: 'commands/', may: ['cli/'], never: ['commands/'] },
  {
    room: 'index.ts',
    may: ['session/', 'service/', 'hooks/', 'protocol/', 'store/', 'network/'],
  },
]

/** The most source files that a folder may hold itself: more are not taken in at a glance. */
export const MAX_FILES_IN_A_FOLDER = 20
