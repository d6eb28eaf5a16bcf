/**
 * @file A node's pooling: the windows of its attributes, or one over everything, with a reduction of the core.
 */
import { type ResolvedCall, resolveCall } from '../../ops/call.ts'
import { wholePlane } from '../../ops/geometry/adaptive.ts'
import type { ResolvedGeometry } from '../../ops/geometry/geometry.ts'
import { type TensorAxes, tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import type { Action, Reduction } from '../../ops/reduce/reduction.ts'
import { planAxis } from '../../plan/axis.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { NodeCall } from './call.ts'
import { windowsOf } from './windows.ts'

/** Runs a forward pass over X. */
export function runPooling<S>(
  node: NodeCall,
  x: Tensor,
  reduction: Reduction<never, S, Action>,
  settings: S,
): unknown {
  const resolved = resolveNode(node, x.shape, reduction.countsPadding(settings))
  return reduction.forward({ ...resolved, x, settings, given: {} })
}

/** The windows of a node over [N, C, ...spatial], with at least one spatial axis. */
export function resolveNode(node: NodeCall, shape: readonly number[], countPadding = false): ResolvedCall {
  const axes = tensorAxesOf(node.label, shape, 0, 'NCHW')
  return resolveCall(node.label, axes, isGlobal(node) ? wholePlane : byKernelShape(node), countPadding)
}

export function isGlobal({ schema }: NodeCall): boolean {
  return schema.name.startsWith('Global')
}

function byKernelShape({ label, values, choices }: NodeCall): (axes: TensorAxes) => ResolvedGeometry {
  return ({ spatial }) => {
    const windows = windowsOf(label, values, spatial, choices)
    return {
      sizes: windows.map(({ outSize }) => outSize),
      axes: (countPadding) => windows.map((window) => planAxis(window, countPadding)),
    }
  }
}
