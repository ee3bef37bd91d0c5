// npm start: installs what is missing and serves the playground. Options go to vite: npm start -- --port 8080 --host
import { installPackages } from './install.js';

installPackages();
// In this process, so that ending it ends the server.
await import('../node_modules/vite/bin/vite.js');
