/**
 * Draws docs/images/photo-pooled.jpg: the sample photograph, max-pooled and average-pooled beside it, all at one size.
 *
 *     npm run build && node scripts/readme-picture.js
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { avgPool2d, maxPool2d, Tensor } from 'pool2d'
import { readImage } from 'pool2d/image'
import sharp from 'sharp'

const window = 8
const gap = 12
const folder = new URL('../docs/images/', import.meta.url)

const { pixels } = await readImage(await readFile(new URL('../samples/cat.jpg', import.meta.url)))
const options = { kernelSize: window, layout: 'NHWC' }
const largest = maxPool2d(pixels, options)
const floats = new Tensor(Float32Array.from(pixels.data), pixels.shape, 'float32')
const mean = Uint8Array.from(avgPool2d(floats, options).data, Math.round)
const [height, width] = largest.shape

const panels = [
  await drawn(pixels.data, pixels.shape),
  await drawn(largest.data, largest.shape),
  await drawn(mean, largest.shape),
]
const size = { width: width * window, height: height * window }
const canvas = { width: 3 * size.width + 2 * gap, height: size.height, channels: 3, background: '#fff' }
const layers = panels.map((input, i) => ({ input, left: i * (size.width + gap), top: 0 }))
await mkdir(folder, { recursive: true })
await writeFile(
  new URL('photo-pooled.jpg', folder),
  await sharp({ create: canvas })
    .composite(layers)
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
    .toBuffer(),
)
console.log(`docs/images/photo-pooled.jpg: ${canvas.width}x${canvas.height}, windows of ${window}x${window}`)

/** Pixels as a PNG of the common size: the photograph cut to whole windows, pooled ones with every pixel a square. */
function drawn(data, [rows, columns, channels]) {
  const image = sharp(data, { raw: { width: columns, height: rows, channels } })
  const isPooled = rows === height
  const placed = isPooled
    ? image.resize(width * window, height * window, { kernel: 'nearest' })
    : image.extract({ left: 0, top: 0, width: width * window, height: height * window })
  return placed.png().toBuffer()
}
