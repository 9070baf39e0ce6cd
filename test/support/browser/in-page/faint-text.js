// Runs in a page: its text whose contrast with the ground behind it is below what WCAG 2.2 asks for at level AA (1.4.3).
;(() => {
  const LEAST_CONTRAST = 4.5
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((channel) => {
      const part = channel / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const groundOf = (element) => {
    if (element === null) return 'rgb(255, 255, 255)'
    const { backgroundColor } = getComputedStyle(element)
    const [, , , alpha = 1] = channels(backgroundColor)
    return alpha === 0 ? groundOf(element.parentElement) : backgroundColor
  }
  const contrastOf = (element) => {
    const pair = [getComputedStyle(element).color, groundOf(element)].map(luminance)
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const faint = []
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim()
    const element = walker.currentNode.parentElement
    if (text === '' || !element.checkVisibility()) continue
    const contrast = contrastOf(element)
    if (contrast < LEAST_CONTRAST) faint.push({ text, contrast })
  }
  return faint
})()
