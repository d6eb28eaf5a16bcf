/**
 * @file The windows on which every kernel is tested, by topic.
 */
import type { AxisPlan } from '../../src/plan/axis.ts'
import type { PoolPlan } from '../../src/plan/pool-plan.ts'
import { adaptive, fractional, planOf, randomOf, sliding } from './jobs.ts'

/** Windows with specialised code, and similar windows that must not run it. */
export const shapes: Readonly<Record<string, (size: number) => AxisPlan>> = {
  '2 s2': (size) => sliding(size, 2),
  '2 s2 ceil': (size) => sliding(size, 2, { ceilMode: true }),
  '2 s2 p1': (size) => sliding(size, 2, { padding: 1 }),
  '3 s1 p1': (size) => sliding(size, 3, { stride: 1, padding: 1 }),
  '3 s1': (size) => sliding(size, 3, { stride: 1, padAfter: 1 }),
  '3 s2 p1': (size) => sliding(size, 3, { stride: 2, padding: 1 }),
  '3 s2': (size) => sliding(size, 3, { stride: 2, padAfter: 1 }),
  '4 s3 p2': (size) => sliding(size, 4, { stride: 3, padding: 2 }),
  '9 s1 p4': (size) => sliding(size, 9, { stride: 1, padding: 4 }),
  whole: (size) => sliding(size, size),
}

type Named = readonly [name: string, plan: PoolPlan]

const widthPlans = new Map<number, readonly Named[]>()

/** Every width from 1 up to two vectors and one element. */
export function widths(lanes: number): readonly Named[] {
  const known = widthPlans.get(lanes)
  if (known !== undefined) return known
  const plans: Named[] = []
  for (const [name, shape] of Object.entries(shapes)) {
    for (let size = 1; size <= 2 * lanes + 1; size++)
      plans.push([`${name}, width ${size}`, planOf(3, [shape(6), shape(size)])])
  }
  widthPlans.set(lanes, plans)
  return plans
}

const long = sliding(23, 11, { stride: 1, padding: 5 })
const planes: Readonly<Record<string, readonly AxisPlan[]>> = {
  'rank 1': [sliding(11, 3, { stride: 2, padding: 1 })],
  'rank 1, long': [long],
  'rank 2, dilated': [sliding(9, 3, { stride: 1, dilation: 2, padding: 1 }), sliding(10, 2, { dilation: 3 })],
  'rank 2, empty windows': [
    sliding(4, 2, { stride: 1, dilation: 5, padding: 2 }),
    sliding(7, 3, { stride: 2 }),
  ],
  'rank 2, windows without columns': [
    sliding(7, 3, { stride: 2 }),
    sliding(4, 2, { stride: 1, dilation: 5, padding: 2 }),
  ],
  'rank 2, long': [long, sliding(30, 13, { stride: 2, padding: 6 })],
  'rank 2, wide': [
    sliding(23, 11, { stride: 1, padding: 5, countPadding: false }),
    sliding(25, 9, { stride: 1, padding: 4 }),
  ],
  'rank 2, wide, stride 2': [
    sliding(40, 33, { stride: 2, padding: 16 }),
    sliding(21, 9, { stride: 1, dilation: 2 }),
  ],
  'rank 2, adaptive, wide': [adaptive(40, 2), adaptive(37, 3)],
  'rank 2, adaptive far up': [adaptive(3, 29), adaptive(2, 31)],
  'rank 2, adaptive': [adaptive(7, 3), adaptive(10, 4)],
  'rank 2, adaptive up': [adaptive(3, 5), adaptive(4, 4)],
  'rank 2, global': [adaptive(6, 1), adaptive(7, 1)],
  'rank 2, fractional': [fractional(9, 4, 2, 0.3), fractional(11, 5, 3, 0.8)],
  'rank 2, ceil': [
    sliding(8, 3, { stride: 2, ceilMode: true, countPadding: false }),
    sliding(9, 4, { stride: 3, padding: 2, ceilMode: true }),
  ],
  'rank 2, one way': [sliding(6, 1), sliding(12, 5, { stride: 1, padding: 2 })],
  'rank 3': [
    sliding(4, 2),
    sliding(5, 3, { stride: 1, padding: 1 }),
    sliding(7, 3, { stride: 2, padding: 1 }),
  ],
  'rank 3, long': [
    sliding(5, 1),
    sliding(11, 7, { stride: 2, padding: 3 }),
    sliding(9, 5, { stride: 1, padding: 2 }),
  ],
  'rank 3, mixed': [adaptive(4, 2), sliding(6, 2, { dilation: 2 }), sliding(7, 2)],
  'rank 4': [sliding(2, 1), sliding(3, 2, { stride: 1 }), sliding(4, 2), sliding(5, 2)],
}

/** Volumes of depth 1 whose window along the depth reads padding too, or only padding. */
const flat: readonly Named[] = Object.entries({
  'padded by two layers': sliding(1, 3, { stride: 1, padding: 1 }),
  'read by three outputs': sliding(1, 3, { stride: 1, padding: 2 }),
  'between the taps': sliding(1, 2, { stride: 1, padding: 1, dilation: 2 }),
}).flatMap(([name, layer]) =>
  ['2 s2', '3 s1 p1', '3 s2 p1', 'whole'].map(
    (shape): Named => [
      `a layer ${name}, ${shape}`,
      planOf(9, [layer, shapes[shape]!(8), shapes[shape]!(18)]),
    ],
  ),
)

function plane(outer: number, height: number, width: number, shape: keyof typeof shapes): PoolPlan {
  return planOf(outer, [shapes[shape]!(height), shapes[shape]!(width)])
}

/** Channels, ranks and irregular windows. */
export const layouts: readonly Named[] = [
  ...[1, 3, 4, 5, 8, 17].flatMap((inner) =>
    Object.entries(planes).map(([name, axes]): Named => [`${name}, inner ${inner}`, planOf(2, axes, inner)]),
  ),
  ...flat,
]

/** Larger than a staging tile: many planes, a plane in bands, a row in bands. */
export const large: readonly Named[] = [
  ['many planes, 2 s2', plane(41, 62, 64, '2 s2')],
  ['many planes, 3 s1 p1', plane(33, 45, 47, '3 s1 p1')],
  ['many planes, whole', plane(9001, 3, 5, 'whole')],
  ['bands, 2 s2', plane(1, 322, 520, '2 s2')],
  ['bands, 3 s2 p1', plane(2, 201, 400, '3 s2 p1')],
  ['bands, 3 s1 p1', plane(1, 260, 300, '3 s1 p1')],
  ['bands, dilated', planOf(1, [sliding(260, 2, { stride: 1, dilation: 7, padding: 1 }), sliding(300, 1)])],
  ['bands, long', planOf(1, [sliding(300, 9, { stride: 1, padding: 4 }), sliding(260, 1)])],
  [
    'bands, wide',
    planOf(1, [
      sliding(262, 9, { stride: 1, padding: 4 }),
      sliding(258, 9, { stride: 1, padding: 4, countPadding: false }),
    ]),
  ],
  ['bands, adaptive, wide', planOf(1, [adaptive(400, 11), adaptive(380, 7)])],
  ['a large plane, global', planOf(1, [adaptive(410, 1), adaptive(333, 1)])],
  ['bands, adaptive', planOf(1, [adaptive(300, 41), adaptive(300, 37)])],
  ['pixels half a page apart', planOf(2, [adaptive(6, 1), adaptive(7, 1)], 512)],
  [
    'pixels half a page apart, no whole vector',
    planOf(1, [adaptive(5, 1), sliding(13, 5, { stride: 4 })], 515),
  ],
  ['bands of channels', planOf(1, [sliding(90, 3, { stride: 2, padding: 1 }), sliding(40, 2)], 24)],
  ['a long row, wide', planOf(1, [sliding(66_001, 65, { stride: 1, padding: 32 })])],
  ['a long row, global', planOf(1, [adaptive(140_003, 1)])],
  ['a long row', planOf(1, [sliding(140_001, 3, { stride: 2, padding: 1 })])],
]

/** The random plan of a seed. Some windows are longer than the input, or lie wholly in the padding. */
export function randomPlan(seed: number): PoolPlan {
  const random = randomOf(seed)
  const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))
  const pick = <T>(values: readonly T[]): T => values[int(0, values.length - 1)]!
  const axis = (): AxisPlan => {
    const size = int(1, pick([6, 12, 40]))
    const kind = random()
    if (kind < 0.15) return adaptive(size, int(1, size + 2))
    if (kind < 0.22 && size > 3) return fractional(size, int(2, size - 2), 2, random())
    const window = int(1, Math.min(size + 2, pick([3, 5, 14, 20])))
    const dilation = int(1, pick([1, 2, 3]))
    const reach = (window - 1) * dilation + 1
    const padding = Math.max(Math.ceil((reach - size) / 2), int(0, window >> 1))
    const flags = { ceilMode: random() < 0.3, countPadding: random() < 0.5 }
    return sliding(size, window, { stride: int(1, 4), padding, dilation, ...flags })
  }
  const axes = Array.from({ length: int(1, 3) }, axis)
  return planOf(int(1, 9), axes, pick([1, 1, 1, 3, 4, 5, 8, 17]))
}

/** Planes, rows and pixels that are large beside a tile of a few elements. */
export const cut: readonly Named[] = [
  ['wide rows', planOf(2, [sliding(5, 2, { stride: 1 }), sliding(700, 3, { stride: 2, padding: 1 })])],
  [
    'dilated',
    planOf(1, [sliding(9, 2, { stride: 1, dilation: 3, padding: 2 }), sliding(600, 3, { dilation: 2 })]),
  ],
  [
    'a volume',
    planOf(1, [sliding(3, 2, { stride: 1 }), sliding(4, 3, { stride: 1, padding: 1 }), sliding(300, 2)]),
  ],
  [
    'pixels of many channels',
    planOf(2, [sliding(3, 2, { stride: 1 }), sliding(6, 3, { stride: 1, padding: 1 })], 300),
  ],
  ['columns alone', planOf(1, [sliding(6, 3, { stride: 1, padding: 1 }), sliding(800, 1)])],
  ['adaptive', planOf(1, [adaptive(5, 3), adaptive(900, 350)])],
  ['global', planOf(9, [adaptive(30, 1), adaptive(40, 1)])],
  ['a long row', planOf(1, [sliding(3000, 5, { stride: 1, padding: 2 })])],
]
