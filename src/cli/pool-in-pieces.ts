/**
 * @file Pools a large array in pieces along its first axis, so that progress is shown and signals are handled between pieces. A pooling
 * with a seed, which draws its samples at once, is one piece, and so is one with a mask.
 */
import { sizeOf } from '../tensor/shape.ts'
import { declaredOf, Tensor } from '../tensor/tensor.ts'
import { interruptible } from './interrupt.ts'
import { type Pooled, type Pooling, runPooling, type Side } from './pooling.ts'

/** Approximate elements of a piece: some tens of milliseconds. */
const pieceSize = 1 << 24

export async function poolInPieces(
  pooling: Pooling,
  x: Tensor,
  wanted: readonly Side[],
  told: (part: number) => void,
  mask?: Tensor,
): Promise<Pooled> {
  const isWhole = firstIsPooled(pooling) || pooling.seed !== undefined || mask !== undefined
  const count = isWhole ? 1 : pooling.view[0]!
  const pieces = Math.min(count, Math.ceil(sizeOf(pooling.view) / pieceSize))
  if (pieces <= 1) return interruptible(() => runPooling(pooling, x, wanted, mask))
  const pooled: Pooled[] = []
  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [piece, piece + 1].map((edge) => Math.floor((edge * count) / pieces)) as [
      number,
      number,
    ]
    pooled.push(await interruptible(() => poolPart(pooling, x, from, to, wanted)))
    told((piece + 1) / pieces)
  }
  const whole = (name: keyof Pooled) =>
    joined(
      pooled.map((part) => part[name]!),
      pooling.outputShape,
    )
  return { output: whole('output'), ...Object.fromEntries(wanted.map((side) => [side, whole(side)])) }
}

/** Channels last without a batch axis: the first axis is pooled. */
function firstIsPooled({ layout, view, axes }: Pooling): boolean {
  return layout === 'NHWC' && view.length === axes + 1
}

/** Pools the planes from `from` to `to` of the first axis. */
function poolPart(pooling: Pooling, x: Tensor, from: number, to: number, wanted: readonly Side[]) {
  const [, ...rest] = pooling.view
  const each = sizeOf(rest)
  const view = [to - from, ...rest]
  const outputShape = [((to - from) * sizeOf(pooling.outputShape)) / pooling.view[0]!]
  const part = new Tensor(x.data.subarray(from * each, to * each), view, declaredOf(x))
  return runPooling({ ...pooling, view, outputShape }, part, wanted)
}

function joined(parts: readonly Tensor[], shape: readonly number[]): Tensor {
  const [first] = parts as [Tensor]
  const { data } = first
  const all = new (data.constructor as new (length: number) => typeof data)(sizeOf(shape))
  let at = 0
  for (const part of parts) {
    all.set(part.data as never, at)
    at += part.data.length
  }
  return new Tensor(all, shape, declaredOf(first))
}
