/**
 * @file The losses of all networks as curves in an SVG.
 */
const width = 760
const height = 380
const left = 60
const top = 50
const plotWidth = width - left - 30
const plotHeight = height - top - 60

const styles = ['stroke="#1f6feb" stroke-width="4" opacity="0.45"', 'stroke="#d1242f" stroke-width="1.2"']

export function drawLosses(losses, note) {
  const series = Object.entries(losses)
  const steps = series[0][1].length
  const highest = Math.max(...series.flatMap(([, values]) => values))
  const x = (step) => left + (step / Math.max(1, steps - 1)) * plotWidth
  const y = (loss) => top + plotHeight * (1 - loss / highest)
  const curves = series.map(([, values], i) => {
    const points = values.map((loss, step) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`)
    return `<polyline fill="none" ${styles[i]} points="${points.join(' ')}"/>`
  })
  const keys = series.map(
    ([name], i) =>
      `<line x1="${width - 200}" x2="${width - 165}" y1="${top + 12 + 20 * i}" y2="${top + 12 + 20 * i}" ${styles[i]}/>` +
      `<text x="${width - 155}" y="${top + 16 + 20 * i}">${name}</text>`,
  )
  const ticks = [0, 0.5, 1, 1.5, 2, 2.5].filter((loss) => loss <= highest)
  const grid = ticks.map(
    (loss) =>
      `<line x1="${left}" x2="${left + plotWidth}" y1="${y(loss)}" y2="${y(loss)}" stroke="#ddd"/>` +
      `<text x="${left - 10}" y="${y(loss) + 4}" text-anchor="end">${loss}</text>`,
  )
  const marks = Array.from({ length: 6 }, (_, i) => Math.round(((steps - 1) * i) / 5)).map(
    (step) => `<text x="${x(step)}" y="${top + plotHeight + 20}" text-anchor="middle">${step + 1}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${left}" y="24" font-size="15">LeNet: loss of each training step</text>
<text x="${left}" y="42" fill="#555">${note}</text>
${grid.join('\n')}
${marks.join('\n')}
${curves.join('\n')}
${keys.join('\n')}
<text x="${left + plotWidth / 2}" y="${height - 14}" text-anchor="middle">training step</text>
</svg>
`
}
