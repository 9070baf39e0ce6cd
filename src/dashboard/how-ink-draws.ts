/** Frames a second at most, however many events: more than an eye needs to see that something moves. */
const MAX_FPS = 10

/** The options by which a view is drawn. */
export const HOW_INK_DRAWS = {
  alternateScreen: true,
  // Whoever has the screen read out gets lines instead.
  isScreenReaderEnabled: false,
  incrementalRendering: true,
  // ^C is the caller's to judge: the first one finishes what is under way.
  exitOnCtrlC: false,
  // The caller has decided; Ink's own guess also looks at CI.
  interactive: true,
  maxFps: MAX_FPS,
} as const
