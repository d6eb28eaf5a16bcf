/**
 * @file Shapes that are difficult for pooling code, grouped as in oneDNN's list of shapes, with other sizes.
 */

/** One axis: input, window, stride, pads before and after, dilation (1 is neighbours). */
export type AxisShape = readonly [
  size: number,
  window: number,
  stride: number,
  before?: number,
  after?: number,
  dilation?: number,
]

export interface Shape {
  readonly kind: string
  readonly batch: number
  readonly channels: number
  readonly axes: readonly AxisShape[]
}

function rows(kind: string, batch: number, channels: number, ...shapes: (readonly AxisShape[])[]): Shape[] {
  return shapes.map((axes) => ({ kind, batch, channels, axes }))
}

const square = (...axis: AxisShape): AxisShape[] => [axis, axis]
const cube = (...axis: AxisShape): AxisShape[] => [axis, axis, axis]

export const shapes: readonly Shape[] = [
  // Channels that leave a rest in every width of vector: 2, 4, 8 and 16 lanes, one at a time and four.
  ...[14, 17, 23, 25, 28, 33, 67].flatMap((channels) =>
    rows('channel tail', 1, channels, square(7, 3, 2, 1, 1), square(6, 2, 2)),
  ),
  ...rows('one channel', 3, 1, square(13, 2, 2), square(13, 3, 1, 1, 1), square(13, 3, 2, 1, 1)),
  ...rows(
    'one padded side',
    2,
    5,
    [
      [9, 3, 2, 1, 0],
      [11, 3, 2],
    ],
    [
      [9, 3, 2, 0, 1],
      [11, 3, 2],
    ],
    [
      [9, 3, 2],
      [11, 3, 2, 1, 0],
    ],
    [
      [9, 3, 2],
      [11, 3, 2, 0, 1],
    ],
  ),
  ...rows('a corner padded', 2, 3, square(10, 3, 2, 0, 1), square(10, 3, 2, 1, 0), square(14, 4, 3, 2, 1)),
  ...rows(
    'pads all different',
    1,
    9,
    [
      [12, 5, 2, 1, 3],
      [15, 4, 3, 2, 0],
    ],
    [
      [8, 5, 1, 4, 2],
      [9, 3, 1, 0, 2],
    ],
  ),
  ...rows('stride beyond the window', 2, 4, square(17, 2, 5), square(19, 3, 7, 1, 1), [
    [18, 1, 4],
    [23, 2, 11],
  ]),
  ...rows('stride beyond the input', 2, 3, square(5, 2, 9), [
    [6, 3, 100, 1, 1],
    [7, 2, 2],
  ]),
  ...rows(
    'stride along one axis',
    1,
    6,
    [
      [16, 3, 1, 1, 1],
      [16, 3, 8, 1, 1],
    ],
    [
      [16, 3, 8, 1, 1],
      [16, 3, 1, 1, 1],
    ],
  ),
  ...rows('window that starts in the padding', 2, 7, square(3, 4, 1, 3, 3), square(2, 5, 2, 4, 1), [
    [4, 4, 4, 3, 0],
    [5, 6, 3, 5, 2],
  ]),
  ...rows('window as large as the input', 3, 5, square(7, 7, 1), square(8, 8, 8), [
    [1, 1, 1],
    [9, 9, 1],
  ]),
  ...rows('window larger than the input', 1, 4, square(3, 5, 1, 2, 2), [
    [2, 3, 2, 1, 1],
    [5, 9, 1, 4, 4],
  ]),
  ...rows('window of one', 2, 3, square(6, 1, 1), square(7, 1, 2), [
    [5, 1, 3],
    [6, 4, 1, 2, 1],
  ]),
  ...rows(
    'primes',
    1,
    13,
    [
      [31, 7, 5, 3, 3],
      [29, 11, 3, 5, 5],
    ],
    [
      [37, 5, 7, 2, 1],
      [17, 13, 2, 6, 3],
    ],
    square(23, 19, 1, 9, 9),
  ),
  ...rows('prime depth', 1, 1999, square(4, 2, 2), square(3, 3, 1)),
  ...rows('dilated', 2, 5, square(11, 3, 1, 0, 0, 2), square(12, 2, 2, 1, 1, 4), square(9, 3, 3, 2, 2, 3)),
  ...rows(
    'dilated along one axis',
    1,
    17,
    [
      [12, 3, 1, 2, 2, 2],
      [9, 3, 2, 1, 1],
    ],
    [
      [9, 3, 2, 1, 1],
      [15, 4, 1, 3, 3, 4],
    ],
  ),
  ...rows('dilated beyond the input', 1, 4, square(3, 2, 1, 1, 1, 3), [
    [2, 2, 1, 2, 2, 4],
    [6, 3, 2, 1, 1],
  ]),
  ...rows('large windows', 1, 3, square(40, 17, 1, 8, 8), square(48, 32, 16), [
    [64, 31, 2, 15, 15],
    [33, 3, 1, 1, 1],
  ]),
  ...rows('pads wider than a block of outputs', 1, 2, square(4, 20, 1, 19, 19), [
    [3, 17, 1, 16, 15],
    [40, 2, 2],
  ]),
  ...rows(
    'wide rows',
    1,
    1,
    [
      [2, 2, 2],
      [1027, 2, 2],
    ],
    [
      [3, 3, 1, 1, 1],
      [1030, 3, 1, 1, 1],
    ],
    [
      [1, 1, 1],
      [2049, 5, 3, 2, 1],
    ],
  ),
  ...rows(
    'tall columns',
    1,
    2,
    [
      [1027, 2, 2],
      [3, 2, 1],
    ],
    [
      [1025, 9, 4, 4, 4],
      [1, 1, 1],
    ],
  ),
  ...rows(
    'of networks',
    1,
    3,
    square(112, 3, 2, 1, 1),
    square(55, 3, 2),
    square(28, 2, 2),
    square(14, 5, 3),
    square(7, 7, 1),
  ),
  ...rows('large', 1, 2, square(162, 2, 2), square(160, 3, 2, 1, 1), square(120, 3, 1, 1, 1)),
  ...rows(
    'one axis',
    2,
    6,
    [[16, 2, 2]],
    [[17, 3, 1, 1, 1]],
    [[31, 5, 4, 0, 3]],
    [[9, 4, 2, 3, 3, 2]],
    [[13, 13, 1]],
  ),
  ...rows('one long axis', 1, 1, [[32_769, 3, 2, 1, 1]], [[20_021, 7, 5, 3, 0]], [[20_000, 2, 1, 1, 1]]),
  ...rows(
    'three axes',
    2,
    5,
    cube(6, 2, 2),
    cube(7, 3, 2, 1, 1),
    cube(5, 3, 1, 1, 1),
    [
      [4, 2, 1, 1, 0],
      [9, 3, 3, 0, 2],
      [7, 4, 2, 3, 1],
    ],
    [
      [1, 1, 1],
      [8, 2, 2],
      [8, 2, 2],
    ],
    [
      [6, 2, 1, 0, 0, 3],
      [7, 3, 1, 2, 2, 2],
      [5, 1, 2],
    ],
    [
      [5, 5, 1],
      [4, 4, 1],
      [3, 3, 1],
    ],
  ),
  ...rows('three axes, channel tail', 1, 23, cube(5, 2, 2), [
    [3, 3, 1, 1, 1],
    [4, 2, 2],
    [6, 3, 2, 1, 1],
  ]),
]

/** Pads as wide as the window or wider, which only ONNX's operators take: whole windows lie in the padding. */
export const paddedShapes: readonly Shape[] = [
  ...rows('pads as wide as the window', 2, 3, square(6, 2, 1, 2, 2), square(5, 3, 2, 3, 3), [
    [7, 3, 1],
    [7, 3, 1, 3, 0],
  ]),
  ...rows('pads wider than the window', 1, 17, square(4, 2, 1, 5, 4), [
    [9, 1, 1, 3, 2],
    [6, 3, 4, 7, 1],
  ]),
  ...rows('windows inside the padding, dilated', 1, 5, square(5, 2, 1, 5, 5, 3), [
    [3, 3, 2, 6, 0, 2],
    [8, 2, 2],
  ]),
  ...rows('windows inside the padding, three axes', 1, 2, cube(3, 2, 1, 3, 2), [
    [2, 1, 1, 2, 0],
    [4, 2, 2],
    [5, 3, 1, 4, 1],
  ]),
]
