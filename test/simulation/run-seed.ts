import { factsOf } from './checks/facts.ts'
import type { Violation } from './checks/violation.ts'
import { NO_BUG, type PlantedBug } from './planted-bugs/planted-bug.ts'
import { OWN_FILES } from './world/disk.ts'
import { populate } from './world/populate.ts'
import type { Disks } from './world/server/node-disk.ts'
import { WORLD } from './world/timeline.ts'
import { World } from './world/world.ts'

/** How long things go wrong, virtual ms. */
const CHAOS_MS = 100_000

/** Longest that anything is reserved for anybody, and time to clean up after that. */
const HOLD_MS = 1_500_000

const LOOK_EVERY_MS = 20_000

/** Long enough to stop whatever is under way. */
const STOP_MS = 60_000

export interface Report {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly trace: readonly string[]
  /** How often what happened. */
  readonly counts: ReadonlyMap<string, number>
  readonly steps: number
  readonly commits: number
}

export interface RunOptions {
  readonly bug?: PlantedBug
  /** @default false */
  readonly isTraced?: boolean
  /** Invitees wait, as with `--wait`. @default false */
  readonly waits?: boolean
  /** Where nodes keep their stores. @default a file of SQLite each */
  readonly disks?: Disks
}

/** One world from its beginning to its end. The same seed gives the same run, to the last line of the trace. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<Report> {
  const { bug = NO_BUG, isTraced = false, waits = false, disks = OWN_FILES } = options
  const world = new World(seed, bug, { isTraced, waits, disks })
  const unplant = bug.tables?.() ?? (() => undefined)
  const stray = (error: unknown): void => world.judge.broken('uncaught', describe(error))
  process.on('unhandledRejection', stray)
  try {
    await live(world)
  } catch (error) {
    stray(error)
  } finally {
    process.off('unhandledRejection', stray)
    unplant()
    world.close()
  }
  const { judge, trace, chaos, timeline } = world
  return {
    seed,
    violations: judge.violations,
    trace: trace.lines,
    counts: chaos.counts,
    steps: timeline.steps,
    commits: judge.commits,
  }
}

async function live(world: World): Promise<void> {
  const { timeline, judge } = world
  const found = (): boolean => judge.hasFound
  populate(world, CHAOS_MS)
  await timeline.run(CHAOS_MS, found)
  heal(world)
  for (const asking of world.askings) asking.askAgain(HEALTHY_PAUSES)
  let isQuiet = false
  const look = (): void => {
    isQuiet = isSettled(world)
    timeline.after(LOOK_EVERY_MS, WORLD, look)
  }
  look()
  await timeline.run(CHAOS_MS + HOLD_MS, () => isQuiet || found())
  if (!found()) await judge.quiet()
  if (!found()) await stop(world)
}

/** Everybody has what they wanted, or knows why not, and nothing is owed to anybody. */
function isSettled({ askings, nodes }: World): boolean {
  return (
    askings.every(({ isSettled }) => isSettled) &&
    nodes.every(({ disk }) => disk.idle && !factsOf(disk.database).isUnsettled)
  )
}

/**
 * Soon, and again after every deadline there is. Then as often as it takes: where the inviter says yes to one after the
 * other, each comes before its yes has lapsed.
 */
const HEALTHY_PAUSES = [500, 40_000, 3_000, 60_000, 650_000, 5_000, ...Array(10).fill(60_000)]

/** From now on everything works. */
function heal(world: World): void {
  world.chaos.raging = false
  world.trace.say(() => '──── from here on everything works ────')
  for (const node of world.nodes) {
    for (const { life } of node.running) if (life.paused) life.resume()
    // One process a node is enough for a quiet end.
    for (const { life } of node.running.slice(0, -1)) life.die('to leave one alone')
    if (node.running.length === 0) node.boot()
  }
}

async function stop({ nodes, timeline, judge }: World): Promise<void> {
  const stopping = nodes.flatMap(({ running }) =>
    running.map(async ({ manager, lines }) => {
      await lines.stop()
      return await manager.drain(5_000)
    }),
  )
  let isStopped = false
  void Promise.all(stopping).then(() => {
    isStopped = true
  })
  // Something must be due, or time would not pass.
  timeline.after(STOP_MS, WORLD, () => undefined)
  await timeline.run(timeline.now + STOP_MS, () => judge.hasFound)
  if (!isStopped) judge.broken('I9', 'stopping did not come to an end')
  if (!judge.hasFound) judge.stopped()
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
