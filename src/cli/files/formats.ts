/**
 * @file Encodes results in the format given by the output's name.
 */
import { extname } from 'node:path'
import type { Image, ImageFormat } from '../../adapters/image/index.ts'
import { writeUnchanged } from '../../adapters/image/write-image.ts'
import { formatNpy, formatNpz } from '../../adapters/npy/index.ts'
import { invalid, PoolError } from '../../errors.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { standardStream } from './inputs.ts'

export type OutputFormat = ImageFormat | 'npy' | 'npz'

const byExtension: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.npy': 'npy',
  '.npz': 'npz',
}

export const extensions: readonly string[] = Object.keys(byExtension)

/** The output formats of each kind of input. */
const writable = {
  image: ['png', 'jpeg', 'webp', 'tiff', 'npy'],
  npy: ['npy'],
  npz: ['npz'],
} as const satisfies Record<string, readonly OutputFormat[]>

export type InputKind = keyof typeof writable

/**
 * The format named by `output`; on standard output, the format of the input.
 *
 * @throws PoolError "BAD_PATH" for a name without a known format, or a format that the kind of input does not have
 */
export function formatOf(output: string, kind: InputKind, own: OutputFormat): OutputFormat {
  if (output === standardStream) return own
  const format = byExtension[extname(output).toLowerCase()]
  if (format !== undefined && (writable[kind] as readonly string[]).includes(format)) return format
  const names = Object.keys(byExtension).filter((name) =>
    (writable[kind] as readonly string[]).includes(byExtension[name]!),
  )
  const what = { image: 'an image', npy: 'an array', npz: 'an archive of arrays' }[kind]
  throw new PoolError(
    'BAD_PATH',
    `${output}: ${what} is written as ${names.join(' ')}; ${isDerived(output) ? 'use -o with' : 'give'} a name that ends so`,
    {
      op: output,
    },
  )
}

/** True for the name made from an input without a suffix, such as a pipe. */
function isDerived(output: string): boolean {
  return output.endsWith('.pool')
}

/** Pages as an image file or as .npy: one page [H, W, C], several [pages, H, W, C]. */
export function encodeImages(
  images: readonly Image[],
  format: OutputFormat,
): Promise<Uint8Array> | Uint8Array {
  if (format !== 'npy') return writeUnchanged(images, { format: format as ImageFormat })
  return formatNpy(stackPages(images.map(({ pixels }) => pixels)))
}

/** @throws PoolError "BAD_SHAPE" for pages that differ in shape or dtype */
export function stackPages(pages: readonly Tensor[]): Tensor {
  const [first] = pages as [Tensor]
  if (pages.length === 1) return first
  const other = pages.find(
    ({ shape, dtype }) => formatShape(shape) !== formatShape(first.shape) || dtype !== first.dtype,
  )
  if (other !== undefined) {
    throw invalid(
      'BAD_SHAPE',
      { op: 'pages', argument: 'shape', value: `${formatShape(other.shape)} ${other.dtype}` },
      `the first page is ${formatShape(first.shape)} ${first.dtype}, and one array holds pages that are alike`,
      'Write a TIFF, or choose one page.',
    )
  }
  const Storage = dtypes[first.dtype].storage
  const data = new Storage(first.size * pages.length)
  pages.forEach((page, i) => {
    data.set(page.data as never, i * first.size)
  })
  return new Tensor(data, [pages.length, ...first.shape], first.dtype)
}

/** Tensors as one .npy, or as .npz with their names. */
export function encodeTensors(
  tensors: readonly (readonly [string | null, Tensor])[],
  format: OutputFormat,
): Uint8Array {
  if (format === 'npy') return formatNpy(tensors[0]![1])
  return formatNpz(tensors.map(([name, tensor]) => [name!, tensor] as const))
}
