import { mount } from '../mount.tsx';
import { fakePort } from './fakePort.ts';

mount(fakePort());
