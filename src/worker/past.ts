/** Ways through a machine's history and looks about in it. None of them is wanted before the first machine is shown. */
export { compareWith, withdraw } from '../debugger/history/branching.ts';
export { Journey } from '../debugger/journey.ts';
export { kernelView } from '../debugger/kernelView/lookBack.ts';
export { originsOf } from '../debugger/why/origins.ts';
export { recall } from '../debugger/why/recall.ts';
export { repair } from '../debugger/why/repair.ts';
