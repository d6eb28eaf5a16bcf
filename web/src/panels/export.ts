/**
 * @file Pictures as files: SVG as it is, PNG and GIF drawn from it by the browser.
 */
import { applyPalette, GIFEncoder, quantize } from 'gifenc'

const scale = 2

export function saveSvg(svg: string, name: string): void {
  save(new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`)
}

export async function savePng(svg: string, name: string): Promise<void> {
  const canvas = await draw(svg, sizeOf(svg), 'white')
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob !== null) save(blob, `${name}.png`)
}

/** One frame an output; frames are one size, that of the widest, and narrower ones are filled up with the picture's ground. */
export async function saveGif(
  frames: readonly string[],
  name: string,
  { pause, ground }: { pause: number; ground: string },
): Promise<void> {
  const sizes = frames.map(sizeOf)
  const size = {
    width: Math.max(...sizes.map(({ width }) => width)),
    height: Math.max(...sizes.map(({ height }) => height)),
  }
  const gif = GIFEncoder()
  for (const svg of frames) {
    const canvas = await draw(svg, size, ground)
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const palette = quantize(data, 64)
    gif.writeFrame(applyPalette(data, palette), canvas.width, canvas.height, { palette, delay: pause })
  }
  gif.finish()
  save(new Blob([gif.bytes() as Uint8Array<ArrayBuffer>], { type: 'image/gif' }), `${name}.gif`)
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = svg.match(/ width="(\d+)" height="(\d+)"/)!
  return { width: Number(width), height: Number(height) }
}

async function draw(
  svg: string,
  { width, height }: { width: number; height: number },
  ground: string,
): Promise<HTMLCanvasElement> {
  const own = sizeOf(svg)
  const image = new Image()
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width * scale
    canvas.height = height * scale
    const context = canvas.getContext('2d')!
    context.fillStyle = ground
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, own.width * scale, own.height * scale)
    return canvas
  } finally {
    URL.revokeObjectURL(url)
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
