"""The public site as files: rendered when something is published, kept under DATA_DIR/site, served without the database.

    publications (rows)
    | current      → the newest version of every page, exercises left out          (read)
    | plan         → every address of the site with how to make it                 (pure)
    | build        → bytes; what has not changed is not made again                 (away from the event loop)
    | shelf        → objects named by their content, then one manifest, replaced atomically

Everything here can be made anew from the database, so nothing here is backed up and nothing can be lost.
"""
