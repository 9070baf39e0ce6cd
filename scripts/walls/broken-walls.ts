import { dirname } from 'node:path'
import type { Import } from './imports.ts'
import type { Wall } from './walls.ts'

/** True if the path is the file, is below the folder, or, where the place ends in `*`, begins with it in its folder. */
function isIn(path: string, place: string): boolean {
  if (place.endsWith('/')) return path.startsWith(place)
  if (!place.endsWith('*')) return path === place
  const beginning = place.slice(0, -1)
  return path.startsWith(beginning) && !path.slice(beginning.length).includes('/')
}

function isInOne(path: string, places: readonly string[] = []): boolean {
  return places.some((place) => isIn(path, place))
}

/** Says which wall an import breaks; undefined if it may be. Paths are relative to `src`. */
export function brokenWall(
  { from, to, isType }: Import,
  walls: readonly Wall[],
): string | undefined {
  const [wall] = walls
    .filter(({ room }) => isIn(from, room))
    .sort((one, other) => other.room.length - one.room.length)
  if (wall === undefined) return `${from} stands in no room that the walls know`
  if (isInOne(to, wall.never)) return `${wall.room} never imports ${to}`
  if (isIn(to, wall.room) || isInOne(to, wall.may)) return undefined
  if (isType && isInOne(to, wall.types)) return undefined
  const types = wall.types === undefined ? '' : `, and types of ${wall.types.join(' ')}`
  return `${wall.room} imports ${wall.may.join(' ') || 'nothing of ours'}${types}; not ${to}`
}

/**
 * Finds circles among folders, each as the folders in it. A folder stands for the files in it, not for those further down.
 * @returns none if the folders can be put in an order in which each imports only earlier ones
 */
export function folderCircles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const targets = edges.get(dirname(from)) ?? new Set()
    if (dirname(to) !== dirname(from)) targets.add(dirname(to))
    edges.set(dirname(from), targets)
  }
  // A folder that imports nothing that is left is in no circle.
  let before: number
  do {
    before = edges.size
    for (const [folder, targets] of edges) {
      if (![...targets].some((target) => edges.has(target))) edges.delete(folder)
    }
  } while (edges.size < before)
  return circlesIn(edges)
}

function circlesIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>()
    const next = [start]
    for (let folder = next.pop(); folder !== undefined; folder = next.pop()) {
      for (const target of edges.get(folder) ?? []) {
        if (!seen.has(target)) next.push(target)
        seen.add(target)
      }
    }
    return seen
  }
  const reached = new Map([...edges.keys()].map((folder) => [folder, reach(folder)]))
  const circles = [...edges.keys()].map((folder) =>
    [...(reached.get(folder) ?? [])].filter((other) => reached.get(other)?.has(folder)).sort(),
  )
  const unique = new Map(circles.filter(({ length }) => length > 0).map((c) => [c.join(' '), c]))
  return [...unique.values()]
}
