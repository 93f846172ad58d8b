// Express and its `cors` middleware, behind the server protocol of cors-conformance.
//
//   cors-conformance run --server 'node examples/servers/express/server.js'

// Responses to errors then contain no stack trace.
process.env.NODE_ENV ??= 'production'

const readline = require('node:readline')
const cors = require('cors')
const express = require('express')

const about = {
  name: 'express-cors',
  version: require('cors/package.json').version,
  language: 'JavaScript',
  issues: 'https://github.com/expressjs/cors/issues',
}

// Returns the options for a policy, as https://github.com/expressjs/cors#configuration-options documents them. Throws a string
// if the middleware does not support the policy.
function options(policy) {
  if (policy.methods === 'mirror') throw 'mirrored method: `methods` is a list'
  if (policy.private_network) throw 'private network: there is no option for it'
  return {
    origin: origin(policy.origins),
    credentials: policy.credentials,
    methods: policy.methods === 'any' ? '*' : policy.methods,
    // "If not specified, defaults to reflecting the headers specified in the request's
    // Access-Control-Request-Headers header."
    allowedHeaders: { any: '*', mirror: undefined }[policy.request_headers] ?? listed(policy.request_headers),
    exposedHeaders: policy.exposed_headers === 'any' ? '*' : policy.exposed_headers,
    // "Set to an integer to pass the header, otherwise it is omitted."
    maxAge: policy.max_age ?? undefined,
  }
}

const listed = (allowList) => (Array.isArray(allowList) ? allowList : undefined)

// Returns the option `origin`: "`"*"` for all domains", "`true` to reflect the request origin", or an array of strings and regular expressions.
function origin(origins) {
  if (origins === 'any') return '*'
  if (origins === 'mirror') return true
  return origins.map((pattern) => (pattern.includes('*') ? regExp(pattern) : pattern))
}

const port = '([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'

// Returns the regular expression for a pattern: `https://*.a.example` is any subdomain, and `:*` any port.
function regExp(pattern) {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(`^${escaped.replace('*\\.', '([a-z0-9_-]+\\.)+').replace(/:\*$/, `(:${port})?`)}$`)
}

// Returns the application that the protocol describes, with the middleware of a policy. The null policy asks for the control,
// which has no middleware.
function application(policy) {
  const app = express()
  let calls = 0
  const countCall = (response) => {
    calls += 1
    response.setHeader('X-Conformance-Handler', 'called')
  }
  if (policy !== null) app.use(cors(options(policy)))
  app.get('/calls', (request, response) => response.send(String(calls)))
  app.get('/get-only', (request, response) => {
    countCall(response)
    response.end('ok')
  })
  app.all('/respond/:script', (request, response) => {
    countCall(response)
    const script = JSON.parse(Buffer.from(request.params.script, 'base64url'))
    if (script.fail) throw new Error('the handler fails, as scripted')
    response.status(script.status)
    const seen = new Set()
    for (const [name, value] of script.headers) {
      // A handler adds to Vary, and sets its other headers.
      if (name.toLowerCase() === 'vary') response.vary(value)
      else if (seen.has(name.toLowerCase())) response.appendHeader(name, value)
      else response.setHeader(name, value)
      seen.add(name.toLowerCase())
    }
    response.end(script.body)
  })
  return app
}

let server

// Starts a server for a policy, closes the previous one, and returns the answer to the line of the protocol.
function answer({ policy }) {
  return new Promise((resolve) => {
    let app
    try {
      app = application(policy)
    } catch (error) {
      return resolve(typeof error === 'string' ? { unsupported: error } : { rejected: error.message })
    }
    server?.close()
    server?.closeAllConnections()
    server = app.listen(0, '127.0.0.1', () => resolve({ listening: `127.0.0.1:${server.address().port}`, ...about }))
  })
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  }
  process.exit()
}

main()
