// A service that announces itself as ANNOUNCE says, until it is killed.
import process from 'node:process';
import { announce } from '@bff/announce';

await announce(JSON.parse(process.env.ANNOUNCE));
process.send('announced');
