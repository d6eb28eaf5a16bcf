/**
 * @file Copies a protobuf message with some fields replaced.
 */

/** Keeps the prototype, which holds the defaults of unset fields; a spread would lose it. */
export function changed<M extends object>(message: M, fields: Partial<M>): M {
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, fields)
}
