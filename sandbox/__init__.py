"""Stand-in upstream servers for Cloudviet, DNS.services and VPS.org, over real HTTP."""
