"""The two HostBill portals: Cloudviet and DNS.services. One product, two flavours."""
