// The script of the page that `taleus bootstrap --scan` opens: reads a code and hands its link to the command.

import { element, put } from './element.ts'
import { watchCamera } from './scan/camera.ts'
import { endOfCommand, handOver } from './scan/command.ts'
import { framesOf } from './scan/pictures.ts'
import { linksOn } from './scan/read-codes.ts'

const WAIT = 'Waiting for the camera …'
const ASK = 'Hold the code before the camera.'
const NO_CAMERA = 'There is no camera that this page may use. Choose a picture, or paste the link.'

/** Nothing more is read: the command has its link, or has ended. */
let isOver = false
/** The link that the command did not take: it is not sent again with every frame. */
let refused: string | undefined

function say(text: string): void {
  if (!isOver) put('said', text)
}

function end(text: string): void {
  say(text)
  isOver = true
  element('ways', HTMLElement).hidden = true
  // Works in a window that was opened for it; elsewhere a person does it.
  close()
}

async function use(text: string): Promise<void> {
  if (isOver || text === refused) return
  const problem = await handOver(text)
  if (problem === undefined)
    return end('The link has gone to the terminal. You can close this page.')
  refused = text
  say(problem)
}

/** @returns whether a link was on it */
async function look(picture: ImageData): Promise<boolean> {
  const [link, ...others] = await linksOn(picture)
  if (link === undefined) return false
  if (others.length > 0) say('More than one invitation is in the picture. Show one alone.')
  else await use(link)
  return true
}

async function lookAt(file: Blob): Promise<void> {
  refused = undefined
  for (const picture of await framesOf(file)) if (await look(picture)) return
  say('No code of an invitation was found in that picture.')
}

function tryPicture(file: Blob): void {
  say('Looking at the picture …')
  lookAt(file).catch(() => say('That is no picture that this browser can show.'))
}

function takePasted({ clipboardData }: ClipboardEvent): void {
  const [file] = clipboardData?.files ?? []
  if (file !== undefined) tryPicture(file)
}

function takeDropped(event: DragEvent): void {
  event.preventDefault()
  const [file] = event.dataTransfer?.files ?? []
  const text = event.dataTransfer?.getData('text/plain') ?? ''
  if (file !== undefined) tryPicture(file)
  else if (text !== '') void use(text)
}

say(WAIT)
addEventListener('paste', takePasted)
addEventListener('dragover', (event) => event.preventDefault())
addEventListener('drop', takeDropped)
element('file', HTMLInputElement).addEventListener('change', ({ target }) => {
  const [file] = target instanceof HTMLInputElement ? (target.files ?? []) : []
  if (file !== undefined) tryPicture(file)
})
element('use', HTMLButtonElement).addEventListener('click', () => {
  refused = undefined
  void use(element('text', HTMLTextAreaElement).value)
})

void endOfCommand().then((text) => end(text))
watchCamera(element('video', HTMLVideoElement), {
  isOver: () => isOver,
  onStart: () => {
    element('camera', HTMLElement).hidden = false
    say(ASK)
  },
  look,
}).catch(() => say(NO_CAMERA))
