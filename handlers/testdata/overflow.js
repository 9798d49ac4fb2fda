// What leaves the screen or the card that it belongs to: one line for each.
(() => {
  const faults = []
  const name = e => `${e.tagName.toLowerCase()}${e.className.length ? "." + e.className : ""} “${(e.innerText || e.name || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`
  if (document.scrollingElement.scrollWidth > innerWidth) faults.push(`the page is ${document.scrollingElement.scrollWidth} pixels wide on a screen of ${innerWidth}`)
  const cards = "fieldset.q, .alert, .card, .pitch, .receipt, .agency, .big, .tally, .rows span, select, button, .more a, .links a, main"
  let boxes = 0
  const within = (e, r, where) => {
    const card = e.parentElement.closest(cards)
    if (!card || !r.width) return
    boxes++
    const c = card.getBoundingClientRect()
    if (r.left < c.left - 1 || r.right > c.right + 1) faults.push(`${where} reaches from ${r.left} to ${r.right}, out of ${name(card)} from ${c.left} to ${c.right}`)
  }
  // What is there for screen readers alone is clipped to nothing, and leaves nothing.
  const clipped = new Set()
  for (const e of document.querySelectorAll("body *")) {
    if (clipped.has(e.parentElement) || getComputedStyle(e).clipPath == "inset(50%)") clipped.add(e)
  }
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || clipped.has(e) || e.closest("svg *, .wide, pre, option")) continue
    within(e, e.getBoundingClientRect(), name(e))
    // Words leave a box without making it wider.
    for (const text of e.childNodes) {
      if (text.nodeType != Node.TEXT_NODE || !text.data.trim()) continue
      const range = document.createRange()
      range.selectNodeContents(text)
      for (const r of range.getClientRects()) {
        const b = e.getBoundingClientRect()
        if (r.right > b.right + 1 && getComputedStyle(e).display != "inline") faults.push(`“${text.data.trim().slice(0, 40)}” reaches to ${r.right}, out of ${name(e)} to ${b.right}`)
        if (r.left < -1 || r.right > innerWidth + 1) faults.push(`“${text.data.trim().slice(0, 40)}” leaves the screen`)
        within({parentElement: e}, r, `“${text.data.trim().slice(0, 40)}”`)
      }
    }
  }
  if (boxes < 10) faults.push("nothing is checked")
  return faults
})()
