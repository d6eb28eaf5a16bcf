/**
 * @file The exports of the second WebAssembly module: kernels of medians, quantiles, modes, variances, generalized means, means with
 * exponential weights, blurs and areas. It is apart so that a bundle without these functions leaves it out.
 */
import { medianNetwork, sortingNetwork } from './median-network.js'

const ordered = ['I8', 'I16', 'I32', 'I64', 'F32', 'F64']
const floats = ['F32', 'F64']
const labels = ['I8', 'I16', 'I32', 'I64']
/** Elements that are moved only, known by their size. */
const sizes = ['U8', 'U16', 'U32', 'U64']

const kernels = [
  { name: 'select', file: 'order/select', of: ordered },
  { name: 'vote', file: 'order/vote', of: labels },
  { name: 'votePairs', file: 'order/vote', of: labels },
  { name: 'votePixels', file: 'order/vote', of: ['I8', 'I16', 'I32'] },
  { name: 'deinterleave', file: 'deinterleave', of: sizes },
  { name: 'transpose', file: 'transpose', of: sizes },
  { name: 'keep', file: 'keep', of: sizes },
]

/** The AssemblyScript of the module's entry. */
export function orderExports() {
  return [
    ...kernels.map(({ name, file }) => `import { ${name} } from './${file}'`),
    "export { heapBase, isSimd, prefetch } from './module'",
    "export { spreadBytes } from './spread-bytes'",
    "export { histogramU8 } from './order/histogram'",
    "export { histogramU16 } from './order/wide-histogram'",
    "import { Exponentials, foldWindows, Powers, Soft, Variance } from './order/fold-windows'",
    "import { shareWindows } from './order/share-windows'",
    "import { ExponentialsShare, PowersShare, SoftShare, VarianceShare } from './order/shares'",
    "import { pickInWindows } from './order/pick-in-windows'",
    "import { sendShares } from './order/send-shares'",
    "import { exponentials } from './order/exponential'",
    "import { powers } from './order/power'",
    "import { weigh } from './order/weigh'",
    ...floats.flatMap(foldsOf),
    ...kernels.flatMap(({ name, of }) =>
      of.map(
        (type) =>
          `export function ${name}${type}(block: usize): void { ${name}<${type.toLowerCase()}>(block) }`,
      ),
    ),
  ].join('\n')
}

/** Folds of windows and their shares, and the exponentials and powers that they read. */
function foldsOf(type) {
  const element = type.toLowerCase()
  return [
    `export function exponentials${type}(block: usize): bool { return exponentials<${element}>(block) }`,
    `export function pickInWindows${type}(block: usize): void { pickInWindows<${element}>(block) }`,
    `export function sendShares${type}(block: usize): void { sendShares<${element}>(block) }`,
    `export function powers${type}(block: usize): void { powers<${element}>(block) }`,
    ...floats.map(
      (to) =>
        `export function weigh${type}To${to}(block: usize): void { weigh<${element}, ${to.toLowerCase()}>(block) }`,
    ),
    ...['Variance', 'Soft', 'Exponentials', 'Powers'].flatMap((reducer) => [
      `export function fold${reducer}${type}(block: usize): void { foldWindows<${element}, ${reducer}>(block) }`,
      `export function share${reducer}${type}(block: usize): bool { return shareWindows<${element}, ${reducer}Share>(block) }`,
    ]),
  ]
}

/** Files that are not in the source tree, by their names in `assembly`. */
export const generatedFiles = {
  'order/median-network.ts': `${medianNetwork(25)}\n\n${sortingNetwork(9)}\n`,
}
