// npm start: installs what is missing and serves the playground. Options go to vite: npm start -- --port 8080 --host
import { installPackages, runTool } from './install.js';

installPackages();
process.exitCode = runTool('vite', 'bin/vite.js', process.argv.slice(2));
