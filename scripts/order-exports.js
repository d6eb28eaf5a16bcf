/**
 * @file The exports of the second WebAssembly module: kernels of medians, quantiles and modes. It is apart so that a bundle without
 * these functions leaves it out.
 */
import { medianNetwork } from './median-network.js'

const ordered = ['I8', 'I16', 'I32', 'F32', 'F64']
const labels = ['I8', 'I16', 'I32', 'I64']
/** Elements that are moved only, known by their size. */
const sizes = ['U8', 'U16', 'U32', 'U64']

const kernels = [
  { name: 'select', file: 'order/select', of: ordered },
  { name: 'vote', file: 'order/vote', of: labels },
  { name: 'votePairs', file: 'order/vote', of: labels },
  { name: 'deinterleave', file: 'deinterleave', of: sizes },
  { name: 'transpose', file: 'transpose', of: sizes },
]

/** The AssemblyScript of the module's entry. */
export function orderExports() {
  return [
    ...kernels.map(({ name, file }) => `import { ${name} } from './${file}'`),
    "export { heapBase, isSimd, prefetch } from './module'",
    "export { histogramU8, histogramU16 } from './order/histogram'",
    ...kernels.flatMap(({ name, of }) =>
      of.map(
        (type) =>
          `export function ${name}${type}(block: usize): void { ${name}<${type.toLowerCase()}>(block) }`,
      ),
    ),
  ].join('\n')
}

/** Files that are not in the source tree, by their names in `assembly`. */
export const generatedFiles = {
  'order/median-network.ts': `${medianNetwork(25)}\n`,
}
