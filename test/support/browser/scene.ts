/** The squares of a code, true is dark. */
type Squares = readonly (readonly boolean[])[]

/** A point of a picture, in pixels. */
type Point = readonly [x: number, y: number]

/** A sheet of paper with a code, somewhere before the camera. */
export interface Sheet {
  readonly squares: Squares
  /** Corners of the paper as the camera sees them: top left, top right, bottom right, bottom left. */
  readonly corners: readonly [Point, Point, Point, Point]
}

export interface SceneOptions {
  /** Seed of the noise of a cheap sensor in dim light. @default none */
  readonly noise?: number
}

export interface GreyPicture {
  readonly width: number
  readonly height: number
  /** One byte for each pixel, 0 is black. */
  readonly gray: Uint8Array
}

const SIZE = { width: 1_280, height: 720 }

/** White round the code on the paper, in squares. */
const QUIET = 4
const [TABLE, PAPER, INK] = [96, 225, 35]

/** A sheet that is held straight before the camera, `size` pixels wide. */
export function heldStraight(squares: Squares, [x, y]: Point, size: number): Sheet {
  return {
    squares,
    corners: [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
    ],
  }
}

/** A sheet that lies askew: turned, and seen from the side, so that what is far is smaller. */
export function lyingAskew(squares: Squares): Sheet {
  return {
    squares,
    corners: [
      [420, 60],
      [930, 110],
      [1_010, 640],
      [330, 560],
    ],
  }
}

/** Makes what a camera sees of sheets on a table, in the light of a lamp on the left. */
export function sceneOf(sheets: readonly Sheet[], { noise }: SceneOptions = {}): GreyPicture {
  const { width, height } = SIZE
  const gray = new Uint8Array(width * height)
  const papers = sheets.map(({ squares, corners }) => ({ squares, map: toUnit(corners) }))
  const random = seeded(noise ?? 0)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const seen = papers.map(({ squares, map }) => shadeAt(squares, map(x + 0.5, y + 0.5)))
      const shade = seen.find((each) => each !== undefined) ?? TABLE
      if (noise === undefined) gray[y * width + x] = shade
      else {
        const lit = shade * (1.05 - (0.4 * x) / width)
        gray[y * width + x] = Math.max(0, Math.min(255, lit + (random() - 0.5) * 40))
      }
    }
  }
  return { width, height, gray }
}

function shadeAt(squares: Squares, [u, v]: Point): number | undefined {
  if (u < 0 || u >= 1 || v < 0 || v >= 1) return undefined
  const across = squares.length + 2 * QUIET
  const row = squares[Math.floor(v * across) - QUIET]
  return row?.[Math.floor(u * across) - QUIET] === true ? INK : PAPER
}

/**
 * The projective map from a quadrilateral to the unit square: the inverse of Heckbert's from the square ("Fundamentals of Texture
 * Mapping and Image Warping", 1989, 2.2.3).
 */
function toUnit([p0, p1, p2, p3]: Sheet['corners']): (x: number, y: number) => Point {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]]
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]]
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]]
  const determinant = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / determinant
  const h = (dx1 * sy - sx * dy1) / determinant
  const [a, b, c] = [p1[0] - p0[0] + g * p1[0], p3[0] - p0[0] + h * p3[0], p0[0]]
  const [d, e, f] = [p1[1] - p0[1] + g * p1[1], p3[1] - p0[1] + h * p3[1], p0[1]]
  return (x, y) => {
    const w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d)
    const u = ((e - f * h) * x + (c * h - b) * y + (b * f - c * e)) / w
    const v = ((f * g - d) * x + (a - c * g) * y + (c * d - a * f)) / w
    return [u, v]
  }
}

/** The generator of "Numerical Recipes" for a quick and dirty one: from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Writes a picture as a film of one frame, YUV4MPEG2, which Chromium's false camera shows over and over. */
export function filmOf({ width, height, gray }: GreyPicture): Buffer {
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`)
  const colourless = Buffer.alloc((width * height) / 2, 128)
  return Buffer.concat([head, gray, colourless])
}
