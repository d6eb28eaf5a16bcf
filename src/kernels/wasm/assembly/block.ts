/**
 * @file The parameters of a kernel, in memory. The host writes them once and sets the pointers before each run.
 */

/** The start of every parameter block. Subclasses append fields of 4 bytes. */
@unmanaged
export class Block {
  src: usize
  dst: usize
  /** Positions in the plane, for kernels that read or write them. */
  indices: usize
}
