/**
 * @file Reducers as type arguments of kernels, resolved at compile time, so loops contain no branch on the reducer.
 * Integers are compared as signed maxima only: the host gives an `orderMask`; XOR with it turns minima and
 * unsigned integers into signed maxima.
 */

/**
 * The largest element; the first of equals. On vectors it may lose NaN: kernels probe for NaN, and the host then runs
 * `NanSafe`.
 */
@unmanaged
export class Max {
  @inline
  identity<T>(): T {
    if (isFloat<T>()) return <T>-Infinity
    return <T>((<T>1) << (<T>(sizeof<T>() * 8 - 1)))
  }

  @inline
  beats<T>(later: v128, earlier: v128): v128 {
    return v128.gt<T>(later, earlier)
  }

  @inline
  beatsOne<T>(later: T, earlier: T): bool {
    return later > earlier
  }

  @inline
  join<T>(earlier: v128, later: v128): v128 {
    if (isFloat<T>()) return v128.pmax<T>(earlier, later)
    if (sizeof<T>() == 8) return v128.bitselect(later, earlier, v128.gt<T>(later, earlier))
    return v128.max<T>(earlier, later)
  }

  @inline
  joinOne<T>(earlier: T, later: T): T {
    return winsOne<T, Max>(later, earlier) ? later : earlier
  }

  @inline
  get losesNaN(): bool {
    return true
  }

  @inline
  get isSum(): bool {
    return false
  }
}

/** The smallest element; the first of equals. */
@unmanaged
export class Min {
  @inline
  identity<T>(): T {
    return <T>Infinity
  }

  @inline
  beats<T>(later: v128, earlier: v128): v128 {
    return v128.lt<T>(later, earlier)
  }

  @inline
  beatsOne<T>(later: T, earlier: T): bool {
    return later < earlier
  }

  @inline
  join<T>(earlier: v128, later: v128): v128 {
    return v128.pmin<T>(earlier, later)
  }

  @inline
  joinOne<T>(earlier: T, later: T): T {
    return winsOne<T, Min>(later, earlier) ? later : earlier
  }

  @inline
  get losesNaN(): bool {
    return true
  }

  @inline
  get isSum(): bool {
    return false
  }
}

/** `Max` or `Min` in which the last NaN wins. */
@unmanaged
export class NanSafe<R> {
  @inline
  identity<T>(): T {
    return identity<T, R>()
  }

  @inline
  join<T>(earlier: v128, later: v128): v128 {
    return v128.bitselect(later, earlier, wins<T, R>(later, earlier))
  }

  @inline
  joinOne<T>(earlier: T, later: T): T {
    return joinOne<T, R>(earlier, later)
  }

  @inline
  get losesNaN(): bool {
    return false
  }

  @inline
  get isSum(): bool {
    return false
  }
}

@unmanaged
export class Sum {
  @inline
  identity<T>(): T {
    return <T>0
  }

  @inline
  join<T>(earlier: v128, later: v128): v128 {
    return v128.add<T>(earlier, later)
  }

  @inline
  joinOne<T>(earlier: T, later: T): T {
    return <T>(earlier + later)
  }

  @inline
  get losesNaN(): bool {
    return false
  }

  @inline
  get isSum(): bool {
    return true
  }
}

/** The neutral element of a reducer. */
@inline
export function identity<T, R>(): T {
  return changetype<R>(0).identity<T>()
}

@inline
export function join<T, R>(earlier: v128, later: v128): v128 {
  return changetype<R>(0).join<T>(earlier, later)
}

@inline
export function joinOne<T, R>(earlier: T, later: T): T {
  return changetype<R>(0).joinOne<T>(earlier, later)
}

/** Lanes in which `later` is strictly better. */
@inline
export function beats<T, R>(later: v128, earlier: v128): v128 {
  return changetype<R>(0).beats<T>(later, earlier)
}

/** Lanes in which `later` replaces `earlier`: it is better, or NaN. */
@inline
export function wins<T, R>(later: v128, earlier: v128): v128 {
  const better = beats<T, R>(later, earlier)
  return isFloat<T>() ? v128.or(better, v128.ne<T>(later, later)) : better
}

@inline
export function winsOne<T, R>(later: T, earlier: T): bool {
  const better = changetype<R>(0).beatsOne<T>(later, earlier)
  return isFloat<T>() ? better || later != later : better
}

@inline
export function losesNaN<T, R>(): bool {
  return isFloat<T>() && changetype<R>(0).losesNaN
}

@inline
export function isSum<R>(): bool {
  return changetype<R>(0).isSum
}

/** True for reducers that run only after a NaN was seen: their kernels are compiled small rather than fast. */
@inline
export function isNanSafe<R>(): bool {
  return !changetype<R>(0).losesNaN && !changetype<R>(0).isSum
}
