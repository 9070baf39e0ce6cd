/** The longest side that a picture is looked at with, in pixels: that of today's phones, and a bound for memory. */
const MAX_SIDE = 4_096
/** A smaller picture, or a drawing without any size, is made this large: its squares have several pixels then. */
const MIN_SIDE = 1_000

/** Grounds that a transparent picture is laid on: a code that is not seen on white may be drawn in white. */
const GROUNDS = ['#ffffff', '#000000'] as const

/** Unpacks a picture as the browser does, also a drawing. @throws DOMException for what is none */
export async function framesOf(file: Blob): Promise<readonly ImageData[]> {
  const picture = new Image()
  picture.src = URL.createObjectURL(file)
  try {
    await picture.decode()
    const longest = Math.max(1, picture.naturalWidth, picture.naturalHeight)
    const scale = Math.min(MAX_SIDE, Math.max(MIN_SIDE, longest)) / longest
    const width = Math.max(1, Math.round(picture.naturalWidth * scale))
    const height = Math.max(1, Math.round(picture.naturalHeight * scale))
    return GROUNDS.flatMap((ground) => drawn(picture, { width, height, ground }))
  } finally {
    URL.revokeObjectURL(picture.src)
  }
}

interface Drawing {
  readonly width: number
  readonly height: number
  readonly ground: string
}

function drawn(
  picture: CanvasImageSource,
  { width, height, ground }: Drawing,
): readonly ImageData[] {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const context = canvas.getContext('2d')
  if (context === null) return []
  context.fillStyle = ground
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, 0, 0, width, height)
  return [context.getImageData(0, 0, width, height)]
}
