/**
 * @file The path of lessons: each step is one state of the playground. Its words are in the tables of the languages, in the same order.
 */
export const lessonStates = [
  'op=max&k=2&s=2',
  'op=max&k=2&s=1&x=d2l3',
  'op=max&k=2&s=2&x=0,1,2,3,4;5,6,7,8,9;10,11,12,13,14;15,16,17,18,19;20,21,22,23,24&view=shape',
  'op=max&k=3&s=1&p=1&x=-1,-2,-3;-4,-5,-6;-7,-8,-9',
  'op=avg&k=3&s=2&p=1&x=d2l4',
  'op=avg&k=2&s=2&ceil=1&x=d2l3&at=3',
  'op=max&k=2&s=1&d=2&x=d2l4',
  'op=max&k=2&s=2&view=backward',
  'op=max&k=2&s=2&x=ties&view=backward',
  'op=max&k=2&s=2&x=dot&view=compare',
  'op=max&k=1&s=2&x=checker&view=compare&shift=0,1',
  'op=max&k=2&s=2&view=network&digit=6',
  'op=avg&k=2&s=2&x=labels&at=4',
  'op=avg&k=2&s=2&x=nodata&nodata=-9999&at=1',
] as const

/** The step in an address, counted from 1 there and from 0 here; null without a step. */
export function lessonOf(text: string | null): number | null {
  const number = Number(text ?? 0)
  return Number.isInteger(number) && number >= 1 && number <= lessonStates.length ? number - 1 : null
}

/** One answer for each step, `2.0..1`; null if not answered. */
export function answersOf(text: string | null): readonly (number | null)[] {
  const parts = (text ?? '').split('.')
  return lessonStates.map((_, i) => (/^\d$/.test(parts[i] ?? '') ? Number(parts[i]) : null))
}

export function withAnswer(text: string | null, step: number, answer: number): string {
  return answersOf(text)
    .map((given, i) => (i === step ? answer : (given ?? '')))
    .join('.')
}
