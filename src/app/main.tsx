import './styles/tokens.css';
import './styles/base.css';
import { offerApi } from './api.ts';
import { report, startMachine } from './store/commands.ts';
import { connect } from './store/connection.ts';
import { followAddress, openFromAddress } from './store/opening.ts';

// The machine boots in its worker while the page that shows it is still being fetched.
const port = connect((detail) => report({ title: 'The machine worker failed', detail }));
offerApi(port);
startMachine(port, openFromAddress);
followAddress();
import('./mount.tsx').then(({ mount }) => mount());
