/**
 * @file Reads the mask of --mask: an array or an image, in which 0 leaves an element out and any other number keeps it.
 */
import { PoolError } from '../../errors.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { storageOf } from '../../tensor/storage.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { UsageError } from '../exit.ts'
import { type Content, type FileSource, readContent } from './content.ts'
import { standardStream } from './inputs.ts'

/**
 * The mask as zeros and ones.
 *
 * @throws UsageError for standard input or an archive, PoolError "BAD_DTYPE" for floats, and the errors of the parsers
 */
export async function readMask(source: FileSource): Promise<Tensor> {
  const { name } = source
  if (name === standardStream) throw new UsageError('--mask takes a file')
  const { data, shape, dtype } = arrayOf(name, await readContent(source))
  if (dtypes[dtype].float) {
    throw new PoolError('BAD_DTYPE', `${name}: --mask is of integers or booleans, and this is ${dtype}`, {
      op: name,
    })
  }
  const marks = new Uint8Array(data.length)
  const values = storageOf(data)
  for (let i = 0; i < marks.length; i++) marks[i] = Number(values[i]) === 0 ? 0 : 1
  return new Tensor(marks, shape, 'uint8')
}

/** The only array. An image of one channel is a plane. */
function arrayOf(name: string, content: Content): Tensor {
  if (content.kind === 'image') {
    const { pixels } = content.images[0]!
    const [height, width, channels] = pixels.shape as [number, number, number]
    return channels === 1 ? new Tensor(pixels.data, [height, width], pixels.dtype) : pixels
  }
  const [member] = content.members
  if (content.kind === 'npz' || member === undefined || 'error' in member)
    throw new UsageError(`--mask ${name} is an archive; give a .npy or an image`)
  return member.array
}
