/** Pause between two frames that are looked at, ms: enough for a hand that moves, and leaves a processor time for other things. */
const PAUSE_MS = 100

/** Finer than any code that a hand can hold still needs. */
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: 'environment', width: { ideal: 1_920 }, height: { ideal: 1_080 } },
}

interface CameraUse {
  isOver(): boolean
  onStart(): void
  look(frame: ImageData): Promise<unknown>
}

/**
 * Shows what the camera sees, and looks at it until it is over; then the camera is off.
 * @throws DOMException if there is none, or it may not be used
 */
export async function watchCamera(
  video: HTMLVideoElement,
  { isOver, onStart, look }: CameraUse,
): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED)
  try {
    video.srcObject = stream
    await video.play()
    onStart()
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    while (!isOver() && context !== null) {
      const { videoWidth: width, videoHeight: height } = video
      if (width > 0 && height > 0) {
        Object.assign(canvas, { width, height })
        context.drawImage(video, 0, 0)
        await look(context.getImageData(0, 0, width, height))
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}
