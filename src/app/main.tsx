import './styles/tokens.css';
import './styles/base.css';
import { report, startMachine } from './store/commands.ts';
import { connect } from './store/connection.ts';

// The machine boots in its worker while the page that shows it is still being fetched.
startMachine(connect((detail) => report({ title: 'The machine worker failed', detail })));
import('./mount.tsx').then(({ mount }) => mount());
