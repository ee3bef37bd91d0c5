import './styles/tokens.css';
import './styles/base.css';
import './styles/lit.css';
import { offerMessages } from './api/messages.ts';
import { offerApi } from './api/playground.ts';
import { report, startMachine } from './store/commands.ts';
import { connect } from './store/connection.ts';
import { embedded } from './embed/request.ts';
import { followAddress, openFromAddress } from './store/opening.ts';
import { followLessonLinks } from './store/lessonDoor.ts';
import { keepAside } from './store/programStorage.ts';

// The machine boots in its worker while the page that shows it is still being fetched.
const port = connect((detail) => report({ title: 'The machine worker failed', detail }));
offerApi();
offerMessages();
// What a person wrote here is not shown in another page, which can ask for anything that this one shows.
if (embedded !== null || window.parent !== window) keepAside();
startMachine(port, openFromAddress);
followAddress();
followLessonLinks();
import('./mount.tsx').then(({ mount }) => mount());
