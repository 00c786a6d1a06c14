import { answers, paths, type ServiceName, serviceNames } from './answers.js';
import type { UpstreamPorts } from './start-upstream.js';

/** One worker, no logs, connections kept for ever; every service on a port of its own. */
export function nginxConfig(folder: string, ports: UpstreamPorts, statusPort: number): string {
  return inNginx(
    folder,
    `
  default_type application/json;
${serviceNames.map((name) => serverOf(name, ports[name])).join('\n')}
  server {
    listen 127.0.0.1:${ports.files} backlog=4096;
    sendfile on;
    open_file_cache max=16;
    location /files/ { root ${folder}; }
  }
  server { listen 127.0.0.1:${statusPort}; location / { stub_status; } }`,
  );
}

/** A proxy before `upstream`, a host with its port: connections kept there too, and nothing written to a file. */
export function nginxProxyConfig(folder: string, port: number, upstream: string): string {
  return inNginx(
    folder,
    `
  upstream files { server ${upstream}; keepalive 128; keepalive_requests 1000000000; keepalive_timeout 1h; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://files;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
    }
  }`,
  );
}

function inNginx(folder: string, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${folder}/${kind};`,
  );
  // Started by root its worker is another user, who may not read what is in a folder of ours.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 16384; }
http {
${temporary.join('\n')}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  tcp_nodelay on;
${servers}
}
`;
}

/** nginx puts the user's id of the path into the answer. */
function serverOf(name: ServiceName, port: number): string {
  const answer = JSON.stringify(answers[name]('${user_id}'));
  return `  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^${paths[name]}(?<user_id>\\d+)$ { return 200 '${answer}'; }
  }`;
}
