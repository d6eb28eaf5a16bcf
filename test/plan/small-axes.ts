import type { WindowRequest } from '../../src/plan/padding.ts'
import { range } from '../support/pairs.ts'

/** Every small sliding window, those that do not fit among them. */
export function* smallAxes(): Generator<{ request: WindowRequest; padBefore: number; padAfter: number }> {
  for (const inSize of range(1, 7))
    for (const window of range(1, 4))
      for (const stride of range(1, 4))
        for (const dilation of range(1, 3))
          for (const padBefore of range(0, 3))
            for (const padAfter of range(0, 3))
              for (const ceilMode of [false, true])
                yield {
                  request: { inSize, window, stride, dilation, padding: [padBefore, padAfter], ceilMode },
                  padBefore,
                  padAfter,
                }
}
