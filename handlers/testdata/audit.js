// What is wrong with how a page shows itself: one line for each fault. Called
// with the width that the screen has and whether fingers press on it.
((width, touch) => {
  const faults = []
  const fault = (e, text) => {
    const words = (e.innerText || e.name || e.id || "").trim().replace(/\s+/g, " ").slice(0, 40)
    faults.push(`${e.tagName.toLowerCase()}${e.className.length ? "." + e.className : ""} “${words}” ${text}`)
  }
  const shown = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
  const everything = Array.from(document.body.querySelectorAll("*")).filter(shown)

  // Nothing sticks out but what scrolls in a region of its own.
  const root = document.scrollingElement
  if (root.scrollWidth > width) fault(document.body, `is ${root.scrollWidth} pixels wide on a screen of ${width}`)
  for (const e of everything) {
    const r = e.getBoundingClientRect()
    if ((r.right > width + 1 || r.left < -1) && r.width && !e.closest(".wide, pre, svg")) fault(e, `reaches from ${r.left} to ${r.right}`)
  }

  // Colours, each as [red, green, blue, share], painted over each other.
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true})
  const read = new Map()
  const colour = text => {
    if (!read.has(text)) read.set(text, painted(text))
    return read.get(text)
  }
  const painted = text => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = text
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1)
  const ground = e => {
    const layers = []
    for (; e; e = e.parentElement) layers.unshift(colour(getComputedStyle(e).backgroundColor))
    return layers.reduce((under, top) => over(top, under), [255, 255, 255, 1])
  }
  const light = c => {
    const [r, g, b] = c.map(x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)]
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
  }

  let texts = 0
  for (const e of everything) {
    const own = Array.from(e.childNodes).some(n => n.nodeType == Node.TEXT_NODE && n.data.trim()) || e.matches("select, textarea, input:not([type=radio], [type=checkbox])")
    if (!own) continue
    texts++
    const style = getComputedStyle(e), under = ground(e)
    if (parseFloat(style.fontSize) < (e.ownerSVGElement ? 12 : 14)) fault(e, `has letters of ${style.fontSize}`)
    const c = contrast(over(colour(style.color), under), under)
    if (c < 4.5) fault(e, `has a contrast of ${c.toFixed(2)}: ${style.color} on ${under}`)
  }
  if (texts < 10) fault(document.body, `has only ${texts} texts: nothing is checked`)

  // What one writes into or chooses from has an edge that can be seen.
  for (const e of everything.filter(e => e.matches("select, textarea, input:not([type=radio], [type=checkbox]), input[type=radio] + span"))) {
    const c = contrast(colour(getComputedStyle(e).borderTopColor), ground(e.parentElement))
    if (c < 3) fault(e, `has an edge with a contrast of ${c.toFixed(2)}`)
  }

  // A finger needs 44 pixels: controls, buttons, and links that stand alone.
  const pressed = "button, select, textarea, input:not([type=radio], [type=checkbox]), label:has([type=radio], [type=checkbox]), summary, a"
  for (const e of everything.filter(e => touch && e.matches(pressed) && !e.closest("p"))) {
    const r = e.getBoundingClientRect()
    if (r.height < 43.9 || r.width < 24) fault(e, `is ${r.width.toFixed(0)} × ${r.height.toFixed(0)} pixels to press`)
  }
  return faults
})
