/**
 * @file A protobuf message with other values in some fields.
 */

/** Fields that are not set have their defaults on the message's prototype, which a spread would lose. */
export function changed<M extends object>(message: M, fields: Partial<M>): M {
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, fields)
}
