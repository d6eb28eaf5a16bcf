/**
 * @file Feature maps before and after the first pooling, for some digits, in an SVG.
 */
import * as tf from '@tensorflow/tfjs'
import { side } from './digits.js'
import { greyPng } from './png.js'
import { toTensors } from './train.js'

const tile = 84
const gap = 10
const left = 20
const top = 60
const rowHeight = 2 * tile + 3 * gap

export function drawMaps(model, digits) {
  const [convolved, pooled] = mapsOf(model, digits)
  const channels = convolved.shape[3]
  const width = left + (channels + 1) * (tile + gap) + gap
  const height = top + digits.length * rowHeight
  const rows = digits.map(({ image }, row) => {
    const y = top + row * rowHeight
    const pictures = [picture(greyPng(image, side, side), left, y + (tile + gap) / 2)]
    for (let channel = 0; channel < channels; channel++) {
      const x = left + (channel + 1) * (tile + gap)
      pictures.push(picture(pngOf(convolved, row, channel), x, y))
      pictures.push(picture(pngOf(pooled, row, channel), x, y + tile + gap))
    }
    return pictures.join('\n')
  })
  const sizeOf = ({ shape }) => `${shape[1]} x ${shape[2]}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${left}" y="24" font-size="15">Feature maps of the first convolution, and pooled</text>
<text x="${left}" y="44" fill="#555">Left the digit; in each row above the maps, ${sizeOf(convolved)}, below the same pooled, ${sizeOf(pooled)}.</text>
${rows.join('\n')}
</svg>
`
}

/** The outputs of the first convolution and of its pooling, as arrays. */
function mapsOf(model, digits) {
  const outputs = [model.layers[0].output, model.layers[1].output]
  return tf.tidy(() => {
    const { x } = toTensors(digits)
    const results = tf.model({ inputs: model.inputs, outputs }).predict(x)
    return results.map((maps) => ({ shape: maps.shape, data: maps.dataSync().slice() }))
  })
}

function pngOf({ shape, data }, row, channel) {
  const [, height, width, channels] = shape
  const plane = Float32Array.from(
    { length: height * width },
    (_, i) => data[(row * height * width + i) * channels + channel],
  )
  const [lowest, highest] = [Math.min(...plane), Math.max(...plane)]
  const spread = Math.max(highest - lowest, 1e-6)
  return greyPng(
    plane.map((value) => (value - lowest) / spread),
    width,
    height,
  )
}

function picture(href, x, y) {
  return (
    `<image x="${x}" y="${y}" width="${tile}" height="${tile}" style="image-rendering:pixelated" href="${href}"/>` +
    `<rect x="${x}" y="${y}" width="${tile}" height="${tile}" fill="none" stroke="#bbb"/>`
  )
}
