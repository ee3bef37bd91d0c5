import { mount } from './mount.tsx';
import { report } from './store/commands.ts';
import { connect } from './store/connection.ts';

mount(connect((detail) => report({ title: 'The machine worker failed', detail })));
