import { BuiltFiles } from '../debugger/links/builtFiles.ts';
import { fileIfServed } from './served.ts';

/** Built files, those of earlier versions too. */
export const builtFiles = new BuiltFiles(fileIfServed);
