/** In a process of a siege: tells its parent that it is ready, answers each of its questions, and ends with it. */
export function serve(
  greeting: object,
  answer: (question: unknown) => unknown,
  over: () => Promise<void> = async () => undefined,
): void {
  process.on('message', (question) => {
    void (async () => process.send?.(await answer(question)))()
  })
  process.on('disconnect', () => {
    void over().finally(() => process.exit())
  })
  process.send?.(greeting)
}
